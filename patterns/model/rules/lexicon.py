"""What the engine knows of words: spellings, phrases that mean the same, and words that tell things apart."""

from __future__ import annotations

from collections.abc import Mapping

from patterns.model.rules.vocabulary import vocabulary

STOPWORDS = vocabulary(
    """
    a an the of for is are was were be been it its in on at to by your our my his her their this that these
    those please and or as we you i with has have had will per le la les du de des der die das am el los del il
    und et
    """
)

SPELLINGS: Mapping[str, str] = {
    spelling: canonical
    for canonical, spellings in {
        "number": "no nr num nbr numbers nummer numero número numéro n # №",
        "id": "identifier identification ids",
        "phone": "tel telephone telefon téléphone teléfono phones",
        "mobile": "cell cellphone handy mobil móvil",
        "email": "mail emails correo",
        "quantity": "qty quantities menge quantité cantidad",
        "date": "datum fecha dates",
        "reference": "ref referenz référence referencia",
        "address": "addr adresse dirección anschrift indirizzo",
        "organization": "organisation organisations organizations org",
        "company": "firm firma empresa société unternehmen entreprise",
        "customer": "client kunde cliente buyer purchaser kundin",
        "vendor": "seller supplier merchant lieferant fournisseur proveedor verkäufer",
        "tax": "vat gst mwst ust tva iva hst taxes btw",
        "amount": "amt betrag montant importe sum summe",
        "color": "colour colors colours farbe",
        "zip": "postcode zipcode plz postleitzahl",
        "city": "town stadt ort ville ciudad",
        "country": "land pays país",
        "street": "straße strasse rue calle",
        "price": "preis prix precio cost costs kosten priced",
        "salary": "wage wages remuneration compensation gehalt",
        "website": "homepage web site webpage webseite",
        "url": "link uri href",
        "dob": "geburtsdatum",
        "message": "msg",
        "timestamp": "datetime ts",
        "minimum": "min",
        "maximum": "max",
        "temperature": "temp",
        "percentage": "percent pct %",
        "job": "jobs",
        "title": "titel titre título",
        "surname": "lastname nachname apellido",
        "forename": "firstname vorname prénom",
        "invoice": "rechnung facture factura fattura",
        "order": "bestellung commande pedido",
        "subject": "betreff objet asunto",
        "deadline": "frist",
        "skill": "skillset fähigkeiten kenntnisse",
        "requirement": "anforderungen",
        "description": "beschreibung desc",
        "discount": "rabatt rebate",
        "shipping": "versand versandkosten",
        "total": "gesamt gesamtbetrag gesamtsumme endbetrag totale",
        "subtotal": "zwischensumme nettobetrag netto",
        "invoice number": "rechnungsnummer rechnungsnr invoiceno",
        "invoice date": "rechnungsdatum",
        "due date": "fälligkeitsdatum fällig échéance vencimiento zahlbar duedate",
        "order number": "bestellnummer auftragsnummer orderno",
        "order date": "bestelldatum",
        "customer number": "kundennummer kundennr",
        "birth date": "birthdate birthday birthdays",
        "unit price": "einzelpreis stückpreis",
        "user name": "username",
        "first name": "firstnames",
        "file name": "filename",
        "host name": "hostname",
        "phone number": "telefonnummer",
        "tax number": "steuernummer",
    }.items()
    for spelling in spellings.split()
}

CONCEPTS: tuple[tuple[str, ...], ...] = tuple(
    tuple(part.strip() for part in line.split("/"))
    for line in """
    invoice number/invoice id/invoice/bill number/invoice reference
    order number/order id/order/order reference/purchase order/purchase order number/po number/po
    customer number/customer id/account number/client id
    ticket number/ticket id/ticket/case number/case id/issue number/incident number
    tracking number/tracking id/tracking code/tracking/parcel number
    booking reference/booking number/booking code/reservation number/confirmation number/confirmation code/booking id
    flight number/flight
    vat number/vat id/tax id/tax number/vat reg number/vat registration number
    sku/article number/product code/part number/item number/product id
    due date/due/due on/payment due/payment due date/pay by/payable by/deadline/payment deadline/date due/due by
    deadline/apply by/application deadline/closing date/submission deadline/last day apply/applications close
    invoice date/issue date/issued/issued on/date issue/date issued/billing date/dated/bill date
    order date/ordered/ordered on/date ordered/date order/placed on/order placed
    delivery date/delivered/delivered on/arrives/expected delivery/delivery/estimated delivery/expected delivery date
    ship date/shipping date/shipped/shipped on/dispatched/dispatch date/sent/shipment date
    birth date/date birth/dob/born/born on/born in
    start date/start/period start/starts/starts on/starting/begin/begins/beginning/date start/effective date/\
        from date/commencement date
    end date/end/ends/ends on/ending/until/finish/expiry date/date end/to date
    expiry date/expires/expires on/expiration date/valid until/expiration/expiry/best before
    hire date/hired/joined/date hired/date joined/joined on
    checkin/checkin date/arrival/arrival date/arriving/arrive
    checkout/checkout date/departure/departure date/departing/depart
    created/created at/created on/creation date/date created/opened/opened on
    updated/updated at/updated on/last updated/last modified/modified
    total/total amount/grand total/total due/amount due/balance due/total price/invoice total/amount payable/\
        total payable/order total/total amount due/total tax included/total incl tax/total including tax/total paid/\
        amount paid/total ttc/amount/due amount/comes to/total to pay
    balance/balance due/outstanding balance/amount outstanding/outstanding
    subtotal/sub total/net amount/net total/net/total net/total before tax/total excl tax/total excluding tax/\
        amount before tax/total ht/net price
    tax/tax amount/sales tax/tax total/total tax/value added tax
    tax rate/tax percentage
    discount/discount amount/off/savings/you save
    shipping/shipping cost/shipping price/shipping fee/shipping charge/delivery cost/delivery price/delivery fee/\
        delivery charge/delivery/postage/freight/handling
    deposit/down payment/prepayment/security deposit
    price/unit price/price each/price unit/each/unit cost/list price/sells/sale price/asking price/retails
    rent/monthly rent/rent month
    fee/charge/registration fee/entry fee
    budget/project budget
    revenue/turnover/annual revenue/sales revenue
    salary/pay/annual salary/salary range/base salary/yearly salary/earns/earn
    quantity/quantity ordered/number items/unit/pieces/count/pcs/number units
    name/full name/person name/contact name/your name/my name/named/called
    forename/first name/given name
    surname/last name/family name
    email/email address/contact email/email id
    phone/phone number/contact number/call/contact phone/mobile/mobile number/mobile phone
    website/url/website url/web address/homepage
    address/postal address/mailing address/street address
    billing address/bill to address/bill to
    shipping address/delivery address/ship to/ship to address
    street/street address/street name/address line 1
    zip/zip code/postal code/post code
    state/province/region/county
    country/country name
    nationality/citizenship
    city/city name
    company/organization/employer/business/company name/organization name/works/work/employed/employer name
    vendor/vendor name/from/issuer/issued by/billed by/sold by/store/shop/company
    customer/bill to/billed to/customer name/sold to/invoice to/bill
    job title/position/role/occupation/profession/job/works as/title/vacancy
    employment type/contract type/job type/type employment/contract
    department/team/division/unit
    manager/line manager/reports/reporting/supervisor
    location/place/venue/where/based/located/office/work location/job location/office location
    reporter/reported by/raised by/submitted by/opened by/filed by
    sender/from/sender name/signed/written by/author
    author/written by/by/writer/reviewer/reviewed by/posted by
    recipient/to/recipient name/addressee/attention/attn/dear
    subject/re/subject line/email subject/regarding
    cc/copy
    date/sent/sent on/sent at/date sent
    timestamp/time/date time/logged at/event time/occurred at/when
    meeting date/event date/date event/takes place
    status/state/current status/order status
    priority/urgency/priority level
    severity/level/log level
    message/error message/description/text
    logger/component/module/service/source/subsystem
    host/host name/server/machine/node
    ip/ip address/client ip/remote address/source ip
    user/user name/user id/login/account/logged in as
    error code/code/status code/http status/response code/exit code
    method/http method/verb
    path/url/request path/endpoint/uri
    duration/length/time taken/took/lasts/elapsed/running time/run time
    rating/stars/score/star rating/review score/rated/star/my rating
    product/product name/item/article/model/item name/product title
    brand/manufacturer/make/maker
    category/type/kind
    experience/years experience/experience years/year experience/experience required/work experience
    skill/technologies/tech stack/skills required/required skills/key skills/technical skills
    requirement/qualification/your profile/must have/what you bring/your qualifications/you bring/we expect
    benefit/perk/we offer/what we offer/what you get/our offer
    responsibility/duty/task/your tasks/what you will do/your responsibilities/your role/what you'll do
    pro/advantage/what i liked/liked/plus/likes
    con/disadvantage/what i disliked/disliked/minus/dislikes
    language/languages spoken/spoken languages
    attendee/participant/guest/invitee/present/attending/participants
    weight/weighs/net weight
    height/tall/high/stands
    width/wide
    length/long
    depth/deep
    distance/far/away
    capacity/holds
    temperature/temperature reading
    speed/runs
    area/floor area/living area/floor space/size
    bedroom/bedrooms/number bedrooms/beds
    bathroom/bathrooms/number bathrooms/baths
    employee/employees/number employees/employee count/headcount/staff/team size/team/staff member/people
    founded/founding year/year founded/established/founded in/year established/since
    headquarters/hq/head office/headquartered
    year/publication year/published/year published/published in/released
    publisher/published by
    serving/serves/servings/yield
    prep time/preparation time/preparation
    cook time/cooking time
    payment term/terms/terms payment
    payment method/paid by/payment type/paid with/method payment
    iban/bank account/account
    bic/swift/swift code
    version/release/build/software version
    gender/sex
    age/how old/old/years old/year old/aged
    note/comment/remark
    action item/action/next step/to do/todo
    """.strip().splitlines()
)
"""Each line: phrases with one meaning. The first is the plainest; where a phrase stands on two lines, it means both."""

CONTRARY = vocabulary(
    """
    due issue issued birth born start end begin finish delivery shipping billing bill ship net gross subtotal
    tax discount deposit minimum maximum first last forename surname old new previous next from to sender
    recipient customer vendor hire expiry order invoice created updated home work office emergency fax unit
    expired cancelled refund fee mother father wife husband spouse partner opening closing estimated actual
    original maiden middle user file company product item company project event brand host server bank
    hourly daily monthly weekly annual
    """
)
"""Words that tell one value from another of the same kind: never ignored when names are compared."""

ENTITIES = vocabulary(
    """
    customer person user employee product item order company job event contact candidate applicant invoice
    patient student member account document ticket email message record article book film movie recipe review
    property book offer advert listing vendor guest flight meeting entry log line vehicle
    """
)
"""Things a document can be about: `customer_email` is found at the label `Email`, unless another field claims it."""
