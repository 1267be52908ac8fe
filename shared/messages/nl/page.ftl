## The hosted page: what the server fills in

page-fixed-title = Maak je toegangssleutel
page-fixed-scripts = JavaScript staat uit
page-fixed-scripts_lead = Deze pagina heeft JavaScript nodig om een toegangssleutel te maken. Sta het hier toe, of open de link die je hebt gekregen in een andere browser.
page-fixed-late = Als hier niets gebeurt, is deze browser waarschijnlijk te oud. Open de link die je hebt gekregen in een recente browser.

## The hosted page: buttons and short texts

page-text-from = Van
page-text-for = Voor
page-text-passkey = Toegangssleutel
page-text-created = Gemaakt op
page-text-until = Geldig tot
page-text-elsewhere = Doorgaan op een ander apparaat of in een andere browser
page-text-someone = de afzender van je link
page-text-create = Toegangssleutel maken
page-text-here = Toch hier maken
page-text-decline = Link intrekken
page-text-disown = Toegangssleutel verwijderen
page-text-renew = Mail me een nieuwe link
page-text-again = Opnieuw mailen
page-text-retry = Opnieuw proberen
page-text-otherDevice = Ander apparaat gebruiken
page-text-proceed = Doorgaan
page-text-support = Contact met support
page-text-copy = Link kopiëren
page-text-copied = De link is gekopieerd. Plak hem in de adresbalk van de andere browser.
page-text-byHand = Kopieer deze link en plak hem in de adresbalk van de andere browser.
page-text-share = Link delen
page-text-qr = QR-code tonen
page-text-scan = Scan deze code met de camera van het andere apparaat. De code bevat je link, dus laat hem aan niemand anders zien.
page-text-noQr = De QR-code kan niet worden geladen. Kopieer in plaats daarvan de link.
page-text-preparing = Alles wordt klaargezet…
page-text-device = Volg de instructies van je apparaat.
page-text-saving = Je toegangssleutel wordt opgeslagen…
page-text-leaving = Je gaat naar { $host }…
page-text-stay = Je kunt deze pagina sluiten.
page-text-wait = Probeer het over { $time } opnieuw.
page-text-reason = Reden:
page-text-request = Verzoek:
page-text-unnamed = Onbekende fabrikant

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Je link wordt gecontroleerd
    .lead = Een ogenblik geduld.
page-state-ready = Maak je toegangssleutel
    .lead = { $from } nodigt je uit om een toegangssleutel te maken. Je apparaat vraagt om je vingerafdruk, je gezicht of je schermvergrendeling. Je hoeft niets te onthouden.
    .note = Verwachtte je dit niet? Je kunt deze pagina sluiten: er gebeurt niets en de link verloopt vanzelf.
page-state-in-app = Open deze link in je browser
    .lead = Je bent in de ingebouwde browser van een andere app, waar je vaak geen toegangssleutels kunt maken. Kopieer de link en open hem in de browser die je normaal gebruikt.
    .note = Je link werkt nog.
page-state-unsupported = Ga door in een andere browser
    .lead = Deze browser of dit apparaat kan deze toegangssleutel niet maken. Open de link op je telefoon of in een andere browser.
    .note = Je link werkt nog.
page-state-renewable = Deze link is verlopen
    .lead = Links werken maar een beperkte tijd. Er kan een nieuwe worden gemaild naar het adres dat { $from } van je heeft.
page-state-renewing = Je hebt al een nieuwere link
    .lead = Deze link is verlopen. Er is een nieuwe gemaild naar het adres dat { $from } van je heeft, op { $mailed }. Open die.
    .note = Kun je hem niet vinden? Kijk in je spammap of laat hem opnieuw mailen.
page-state-renewed = Er is een nieuwe link onderweg
    .lead = Bekijk je mail en open de nieuwe link op het apparaat waarmee je wilt inloggen.
    .note = Je kunt deze pagina sluiten.
page-state-working = Je toegangssleutel wordt gemaakt
    .lead = Houd deze pagina open tot je toegangssleutel klaar is.
page-state-done = Je toegangssleutel is klaar
    .lead = Vanaf nu log je bij { $from } in met je vingerafdruk, je gezicht of je schermvergrendeling.
page-state-expired = Deze link is verlopen
    .lead = Links werken maar een beperkte tijd. Vraag { $from } om je een nieuwe te sturen.
page-state-revoked = Deze link is ingetrokken
    .lead = Hij kan niet meer worden gebruikt. Als je nog een toegangssleutel nodig hebt, vraag { $from } dan om een nieuwe link. Misschien staat er al een nieuwere in je mail.
page-state-suspended = Je account is geblokkeerd
    .lead = Vraag { $from } om het te activeren. Je link werkt dan nog steeds.
page-state-failed-to-send = Deze link is niet geldig
    .lead = De mail met deze link kon niet worden bezorgd, dus de link is geannuleerd. Vraag { $from } om je mailadres te controleren en een nieuwe te sturen.
page-state-used = Deze link is al gebruikt
    .lead = Er is al een toegangssleutel gemaakt met deze link. Als jij dat was, ben je klaar: log ermee in.
    .note = Als jij dat niet was, laat het { $from } dan meteen weten.
page-state-wrong-link = Deze link is niet volledig
    .lead = Een deel van de link ontbreekt of klopt niet. Open hem rechtstreeks vanuit het bericht, of kopieer hem helemaal naar de adresbalk.
    .note = Als het dan nog niet werkt, vraag dan om een nieuwe link.
page-state-cancelled = Er is geen toegangssleutel gemaakt
    .lead = Het is geannuleerd of het duurde te lang. Er is niets verloren: je link werkt nog.
page-state-exists = Je hebt hier al een toegangssleutel
    .lead = Je hebt op dit apparaat al een toegangssleutel voor { $from } en kunt ermee inloggen.
    .note = Je kunt er ook een toevoegen op een telefoon, een beveiligingssleutel of een ander apparaat.
page-state-offline = Geen verbinding
    .lead = We kunnen de server niet bereiken. Controleer je verbinding en probeer het opnieuw. Er is niets verloren.
page-state-busy = Probeer het zo meteen opnieuw
    .lead = De server is op dit moment druk. Er is niets verloren: je link werkt nog.
page-state-refused = De toegangssleutel is niet geaccepteerd
    .lead = Je apparaat heeft een toegangssleutel gemaakt, maar de server kon hem niet accepteren. Je kunt het opnieuw proberen, misschien met een ander apparaat of een andere browser.
    .note = Als het weer gebeurt, stuur support dan de onderstaande regels.

## The hosted page: the same states with a cause of their own

page-other-opener = Open de link uit je mail opnieuw
    .lead = Deze pagina heeft je link niet meer. Een link wordt maar in één tabblad bewaard, tot hij is gebruikt.
page-other-nowhere = Hier is niets
    .lead = Als je een link uit een bericht hebt gevolgd, ontbreekt er een deel of is hij gewijzigd. Open hem rechtstreeks vanuit het bericht, of kopieer hem helemaal naar de adresbalk.
page-other-errand = Een ogenblik geduld
    .lead = Houd deze pagina open.
page-other-errandFailed = Er is iets misgegaan
    .lead = Dat is niet gelukt. Probeer het zo meteen opnieuw.
page-other-trouble = Er is iets misgegaan
    .lead = De toegangssleutel kon niet worden gemaakt. Je kunt het opnieuw proberen, misschien met een ander apparaat of een andere browser. Je link werkt nog.
page-other-tooMany =
    .lead = Er zijn te veel pogingen met deze link gedaan. Wacht even en probeer het opnieuw. Je link werkt nog.
page-other-mailedNow =
    .lead = Er is net een nieuwe link gemaild. Bekijk je mail voordat je er weer om vraagt.
page-other-noMoreMails = Geen mails meer
    .lead = De nieuwe link kan niet opnieuw worden gemaild. Vraag { $from } om je een andere te sturen.
page-other-declinedBefore =
    .lead = Hij is ingetrokken via de link in de mail en kan niet meer worden gebruikt. Als je toch een toegangssleutel nodig hebt, vraag { $from } dan om een nieuwe link.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = Verwachtte je dit niet?
    .lead = Iemand heeft { $from } gevraagd je uit te nodigen om een toegangssleutel te maken. Als je er geen wilt, trek je de link in: dan kan niemand hem gebruiken.
page-errand-declined = De link is ingetrokken
    .lead = Hij werkt niet meer, en { $from } kan zien dat je hem niet verwachtte.
    .note = Je kunt deze pagina sluiten.
page-errand-disown = Heb je deze toegangssleutel gemaakt?
    .lead = Deze toegangssleutel is toegevoegd aan je account bij { $from }. Als jij dat niet was, verwijder hem dan.
    .note = Als jij het was, sluit dan deze pagina: er gebeurt niets.
page-errand-disowned = De toegangssleutel is verwijderd
    .lead = Hij is niet meer geldig bij { $from }.
    .note = Als je hem niet hebt gemaakt, laat het { $from } dan weten, zodat je account kan worden gecontroleerd.
page-errand-removed = Deze toegangssleutel is al verwijderd
    .lead = Hij is niet meer geldig bij { $from }. Je hoeft hier niets meer te doen.
    .note = Als je hem niet hebt gemaakt, laat het { $from } dan weten, zodat je account kan worden gecontroleerd.
page-errand-over = Je kunt hem hier niet meer verwijderen
    .lead = Met deze link kon je de toegangssleutel verwijderen tot { $until }. De toegangssleutel is nog geldig. Als je hem niet hebt gemaakt, vraag { $from } dan om hem te verwijderen.
page-errand-removedByThem =
    .lead = { $from } heeft hem verwijderd op { $removed }. Je hoeft hier niets meer te doen.
page-errand-removedByMail =
    .lead = Hij is met deze link verwijderd op { $removed } en is niet meer geldig bij { $from }.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } accepteert dit soort toegangssleutels niet. Vraag { $from } wat je kunt gebruiken.
page-remedy-user_not_verified = Je apparaat heeft niet gecontroleerd of jij het bent. Stel er een pincode, vingerafdruk of gezichtsherkenning op in, of gebruik een ander apparaat. Probeer het daarna opnieuw.
page-remedy-resident_key_missing = De toegangssleutel kon niet op je beveiligingssleutel worden opgeslagen. Maak er ruimte op door toegangssleutels te verwijderen die je niet meer nodig hebt, of gebruik een ander apparaat.
page-remedy-algorithm_not_allowed = { $from } accepteert het soort sleutel dat dit apparaat maakt niet. Gebruik een ander apparaat of een andere beveiligingssleutel.
page-remedy-backup_eligibility_not_allowed = De toegangssleutel is opgeslagen op een plek die { $from } niet accepteert. Probeer het opnieuw en kies een andere: je apparaat of een beveiligingssleutel in plaats van een wachtwoordmanager, of andersom.
page-remedy-model = { $from } accepteert geen toegangssleutels van dit merk of model. Gebruik een ander apparaat, een andere beveiligingssleutel of een andere wachtwoordmanager; { $from } kan je vertellen welke.
page-remedy-attestation_downgraded = Je browser heeft je apparaat niet geïdentificeerd. Probeer het opnieuw en geef toestemming als de browser naar merk en model vraagt. Zet eerst extensies van wachtwoordmanagers uit.
page-remedy-authenticator_status_refused = Dit model apparaat of beveiligingssleutel heeft bekende zwakke plekken, dus { $from } accepteert het niet. Gebruik een ander.
page-remedy-unproven = Je apparaat kon niet aantonen wat het is. Probeer een ander apparaat of een beveiligingssleutel.
page-remedy-credential_exists = Deze toegangssleutel is al geregistreerd. Probeer ermee in te loggen of gebruik een ander apparaat.
