"""What people do for a living: words of occupations, and how a job is written."""

from __future__ import annotations

import re

from patterns.model.rules.vocabulary import vocabulary

JOB = r"[^\W\d_][\w/+#&'’-]*(?:[ \t][\w/+#&'’-]+){0,4}?"
"""One to five words; `is_job` says whether they name an occupation."""
JOB_STOP = (
    r"(?=[,.;!?\n(]|$|\s+(?:at|from|in|with|who|and|for|based|living|working|to|on|of|here|since|whose|where"
    r"|speciali[sz])\b)"
)
"""What ends the words of a job."""

_JOBS = vocabulary(
    """
    nurse chef cook cashier judge pilot clerk dentist surgeon coach agent guide maid butler baker barber soldier
    lawyer attorney architect analyst assistant consultant accountant intern student professor lecturer lead
    officer executive specialist representative technician electrician mechanic musician physician scientist
    artist journalist pharmacist therapist economist receptionist developer engineer programmer designer manager
    director teacher doctor writer editor author actor actress painter plumber carpenter driver farmer
    photographer researcher administrator coordinator supervisor president ceo cto cfo coo founder co-founder
    cofounder entrepreneur freelancer translator librarian veterinarian vet paramedic firefighter barista
    bartender waiter waitress salesperson salesman saleswoman associate partner owner producer operator inspector
    investigator advisor adviser strategist planner buyer trainer tutor instructor principal dean secretary
    apprentice tester devops sre copywriter recruiter gardener tailor sailor captain detective reporter broker
    trader banker auditor controller curator biologist chemist physicist mathematician statistician psychologist
    geologist historian philosopher poet singer dancer model builder welder miner machinist engineer/developer
    teamlead webdesigner
    """
)


def is_job(words: str) -> bool:
    """Whether a run of words names an occupation, by its last words."""
    return any(word.lower().strip(".") in _JOBS for word in re.split(r"[\s/]+", words)[-2:])
