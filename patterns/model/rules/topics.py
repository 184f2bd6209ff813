"""Words that people use when they write about what common labels stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from patterns.model.rules.words import stem, tokens

_TOPICS = """
billing payment finance: invoice bill charge charged charges payment pay paid card credit subscription fee receipt \
        price refund debit amount owe twice overcharged
refund return: refund return money back reimburse reimbursement exchange cancel order unwanted
technical bug support issue it: error bug crash crashes login broken freeze screen install app server loading fails \
        failed glitch connection wifi reset software not working page button stack
account login access: password login account sign username locked reset email profile access two-factor verify log
shipping delivery logistics: package parcel delivery shipping shipped tracking arrived courier late delayed address \
        lost delivered transit
sale: buy purchase quote pricing demo upgrade trial offer discount enterprise plan contract order licence license
complaint: unacceptable disappointed angry terrible awful complain worst manager rude frustrated ridiculous
praise compliment thanks: thank thanks great love excellent amazing appreciate wonderful awesome helpful
question inquiry: how what where when which could can do does wondering know question
feature suggestion idea request: feature add wish suggestion would like could support option dark mode export allow \
        integrate idea
spam scam phishing: win winner won free prize click claim congratulations lottery viagra casino urgent verify \
        limited offer cash loan
urgent emergency: urgent asap immediately emergency now critical down outage today right away
cancellation churn cancel: cancel cancellation unsubscribe close account terminate stop subscription
hr recruiting job career: resume cv application interview hiring vacancy position candidate salary vacation leave \
        payroll
legal: contract lawyer court lawsuit clause law legal attorney liability gdpr compliance
sport: match game team player goal coach league season cup won championship football soccer tennis basketball \
        olympics score tournament striker
politics government: election president parliament minister government vote senate policy party congress law \
        campaign senator
business economy finance: company market stock shares profit revenue investor bank merger earnings ceo quarter \
        billion economy inflation
technology tech science software: software computer chip phone app ai internet robot startup device data processor \
        smartphone algorithm cloud
science research: scientist research study researchers experiment physics biology planet space nasa telescope \
        species discovery
health medical medicine: doctor hospital patient disease vaccine virus drug symptom treatment cancer medical clinic \
        pain flu health
entertainment movie music culture: film movie actor singer album concert music show series award festival band \
        actress director
food restaurant cooking: recipe restaurant meal dish cook dinner food taste menu chef delicious bake eat lunch
travel tourism: flight hotel trip airport travel tourist beach booking vacation holiday visa passport luggage train
weather climate: rain storm temperature sunny snow wind forecast cloudy hurricane weather degrees flood
education school: school teacher student exam university course lesson class homework degree
environment nature: climate emissions carbon pollution forest wildlife recycling energy ocean
car automotive: car engine brake tyre tire vehicle driver mileage garage motor
hardware: screen battery charger keyboard cable device printer monitor laptop
security: breach hacked password phishing malware vulnerability attack unauthorized suspicious
performance: slow lag timeout latency memory cpu loading
documentation docs: docs documentation readme guide tutorial typo example
greeting: hello hi hey morning welcome
farewell goodbye: bye goodbye see you later farewell
toxic abuse offensive hate: idiot stupid hate shut kill moron dumb trash
"""


@lru_cache(maxsize=1)
def _by_label() -> Mapping[str, frozenset[str]]:
    known: dict[str, frozenset[str]] = {}
    for line in _TOPICS.strip().splitlines():
        names, words = line.split(":")
        stems = frozenset(stem(word) for word in words.split())
        for name in names.split():
            known[stem(name)] = known.get(stem(name), frozenset()) | stems
    return known


def topic_words(label: str) -> frozenset[str]:
    """Stems of words that speak for a label of this name; empty for an uncommon one."""
    return frozenset().union(*(_by_label().get(stem(word), frozenset()) for word in tokens(label)))
