mail-hello = Ciao { $name },
mail-copy = Se il pulsante non funziona, copia questo link nel browser:
mail-until = Valido fino al: { $time }
mail-support = Contatta l’assistenza di { $realm }
mail-date = { $day } { $month } { $year }, { $clock } UTC
mail-month = { $month ->
    [1] gennaio
    [2] febbraio
    [3] marzo
    [4] aprile
    [5] maggio
    [6] giugno
    [7] luglio
    [8] agosto
    [9] settembre
    [10] ottobre
    [11] novembre
   *[12] dicembre
}
mail-test = Prova: { $subject }
    .note = Questa è un’email di prova. I suoi link non funzionano.

mail-invitation = Crea la tua passkey per { $realm }
    .renewed-subject = Il tuo nuovo link: crea la tua passkey per { $realm }
    .reminder-subject = Promemoria: crea la tua passkey per { $realm }
    .preheader = { $realm } ti invita. Basta un tocco: impronta digitale, volto o blocco schermo.
    .renewed = È stato richiesto un nuovo link perché il precedente era scaduto. Si trova in questa email e sostituisce il precedente.
    .reminder = Ti abbiamo già inviato questo link e non l’hai ancora usato.
    .days-left = { $days ->
        [one] Funziona ancora per { $days } giorno.
       *[other] Funziona ancora per { $days } giorni.
    }
    .intro = { $realm } ti invita a creare una passkey. Da quel momento accedi con l’impronta digitale, il volto o il blocco schermo. Non c’è nessuna password da ricordare.
    .how = Basta un tocco. Apri il link sul dispositivo con cui vuoi accedere.
    .button = Crea passkey
    .once = Il link funziona una sola volta ed è solo per te. Non inoltrarlo.
    .unexpected = Non aspettavi questa email?
    .safe = Senza di te non succede nulla e il link scade da solo. La pagina del link non chiede mai una password.
    .decline = Per sicurezza, puoi { $start }annullare il link{ $end }.
    .decline-text = Per sicurezza, puoi annullare il link qui:
    .question = Qualcosa non ti convince o hai una domanda?

mail-notice = Una passkey è stata aggiunta al tuo account presso { $realm }
    .heading = Una passkey è stata aggiunta al tuo account
    .preheader = Una passkey è stata aggiunta al tuo account presso { $realm }. Se sei stato tu, non devi fare nulla.
    .intro = Una passkey è stata aggiunta al tuo account presso { $realm }:
    .model = Creata con: { $model }
    .unnamed = Non indicato
    .time = Data: { $time }
    .expected = Se sei stato tu, non devi fare nulla.
    .unexpected = Non sei stato tu?
    .remove = Allora rimuovi subito la passkey. Chi l’ha creata non potrà più usarla per accedere.
    .button = Rimuovi passkey
    .life = { $hours ->
        [one] Il link funziona per { $hours } ora.
       *[other] Il link funziona per { $hours } ore.
    }
    .question = Hai domande?
