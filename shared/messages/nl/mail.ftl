mail-hello = Hallo { $name },
mail-copy = Werkt de knop niet? Kopieer dan deze link naar je browser:
mail-until = Geldig tot: { $time }
mail-support = Contact met support van { $realm }
mail-date = { $day } { $month } { $year }, { $clock } UTC
mail-month = { $month ->
    [1] januari
    [2] februari
    [3] maart
    [4] april
    [5] mei
    [6] juni
    [7] juli
    [8] augustus
    [9] september
    [10] oktober
    [11] november
   *[12] december
}
mail-test = Test: { $subject }
    .note = Dit is een testmail. De links erin werken niet.

mail-invitation = Maak je toegangssleutel voor { $realm }
    .renewed-subject = Je nieuwe link: maak je toegangssleutel voor { $realm }
    .reminder-subject = Herinnering: maak je toegangssleutel voor { $realm }
    .preheader = { $realm } nodigt je uit. Eén tik is genoeg: vingerafdruk, gezicht of schermvergrendeling.
    .renewed = Er is een nieuwe link aangevraagd omdat de vorige was verlopen. De nieuwe staat in deze mail en vervangt de vorige.
    .reminder = We hebben je deze link al eerder gestuurd en je hebt hem nog niet gebruikt.
    .days-left = { $days ->
        [one] Hij werkt nog { $days } dag.
       *[other] Hij werkt nog { $days } dagen.
    }
    .intro = { $realm } nodigt je uit om een toegangssleutel te maken. Daarna log je in met je vingerafdruk, je gezicht of je schermvergrendeling. Je hoeft geen wachtwoord te onthouden.
    .how = Eén tik is genoeg. Open de link op het apparaat waarmee je wilt inloggen.
    .button = Toegangssleutel maken
    .once = De link werkt één keer en is alleen voor jou. Stuur hem niet door.
    .unexpected = Verwachtte je deze mail niet?
    .safe = Zonder jou gebeurt er niets, en de link verloopt vanzelf. De pagina achter de link vraagt nooit om een wachtwoord.
    .decline = Voor de zekerheid kun je { $start }de link intrekken{ $end }.
    .decline-text = Voor de zekerheid kun je de link hier intrekken:
    .question = Lijkt er iets niet te kloppen, of heb je een vraag?

mail-notice = Er is een toegangssleutel toegevoegd aan je account bij { $realm }
    .heading = Er is een toegangssleutel toegevoegd aan je account
    .preheader = Er is een toegangssleutel toegevoegd aan je account bij { $realm }. Als jij dat was, hoef je niets te doen.
    .intro = Er is een toegangssleutel toegevoegd aan je account bij { $realm }:
    .model = Gemaakt met: { $model }
    .unnamed = Niet opgegeven
    .time = Tijd: { $time }
    .expected = Als jij dat was, hoef je niets te doen.
    .unexpected = Was jij dit niet?
    .remove = Verwijder de toegangssleutel dan nu. Wie hem heeft gemaakt, kan er daarna niet meer mee inloggen.
    .button = Toegangssleutel verwijderen
    .life = { $hours ->
        [one] De link werkt { $hours } uur.
       *[other] De link werkt { $hours } uur.
    }
    .question = Vragen?
