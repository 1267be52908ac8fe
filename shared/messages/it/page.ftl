## The hosted page: what the server fills in

page-fixed-title = Crea la tua passkey
page-fixed-scripts = JavaScript è disattivato
page-fixed-scripts_lead = Questa pagina ha bisogno di JavaScript per creare una passkey. Consentilo qui oppure apri il link che hai ricevuto in un altro browser.
page-fixed-late = Se qui non succede nulla, probabilmente questo browser è troppo vecchio. Apri il link che hai ricevuto in un browser recente.

## The hosted page: buttons and short texts

page-text-from = Da
page-text-for = Per
page-text-passkey = Passkey
page-text-created = Creata il
page-text-until = Valido fino al
page-text-elsewhere = Continua su un altro dispositivo o in un altro browser
page-text-someone = il mittente del tuo link
page-text-create = Crea passkey
page-text-here = Creala comunque qui
page-text-decline = Annulla il link
page-text-disown = Rimuovi la passkey
page-text-renew = Inviami un nuovo link
page-text-again = Invia di nuovo
page-text-retry = Riprova
page-text-otherDevice = Usa un altro dispositivo
page-text-proceed = Continua
page-text-support = Contatta l’assistenza
page-text-copy = Copia link
page-text-copied = Il link è stato copiato. Incollalo nella barra degli indirizzi dell’altro browser.
page-text-byHand = Copia questo link e incollalo nella barra degli indirizzi dell’altro browser.
page-text-share = Condividi link
page-text-qr = Mostra codice QR
page-text-scan = Inquadra questo codice con la fotocamera dell’altro dispositivo. Contiene il tuo link, quindi non mostrarlo a nessun altro.
page-text-noQr = Impossibile caricare il codice QR. Copia invece il link.
page-text-preparing = Preparazione in corso…
page-text-device = Segui le istruzioni del tuo dispositivo.
page-text-saving = Salvataggio della passkey…
page-text-leaving = Ti portiamo su { $host }…
page-text-stay = Puoi chiudere questa pagina.
page-text-wait = Riprova tra { $time }.
page-text-reason = Motivo:
page-text-request = Richiesta:
page-text-unnamed = Produttore sconosciuto

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Verifica del link in corso
    .lead = Un momento, per favore.
page-state-ready = Crea la tua passkey
    .lead = { $from } ti invita a creare una passkey. Il tuo dispositivo ti chiederà l’impronta digitale, il volto o il blocco schermo. Non devi ricordare nulla.
    .note = Non te l’aspettavi? Puoi chiudere questa pagina: non succede nulla e il link scade da solo.
page-state-in-app = Apri questo link nel tuo browser
    .lead = Ti trovi nel browser integrato di un’altra app, dove spesso non è possibile creare passkey. Copia il link e aprilo nel browser che usi di solito.
    .note = Il tuo link è ancora valido.
page-state-unsupported = Continua in un altro browser
    .lead = Questo browser o dispositivo non può creare questa passkey. Apri il link sul telefono o in un altro browser.
    .note = Il tuo link è ancora valido.
page-state-renewable = Questo link è scaduto
    .lead = I link funzionano solo per un periodo limitato. Un nuovo link può essere inviato all’indirizzo che { $from } ha per te.
page-state-renewing = Hai già un link più recente
    .lead = Questo link è scaduto. Un nuovo link è stato inviato all’indirizzo che { $from } ha per te, il { $mailed }. Apri quello.
    .note = Non lo trovi? Controlla la cartella dello spam o fattelo inviare di nuovo.
page-state-renewed = Un nuovo link è in arrivo
    .lead = Controlla la posta e apri il nuovo link sul dispositivo con cui vuoi accedere.
    .note = Puoi chiudere questa pagina.
page-state-working = Creazione della passkey in corso
    .lead = Tieni aperta questa pagina finché la tua passkey non è pronta.
page-state-done = La tua passkey è pronta
    .lead = D’ora in poi accedi a { $from } con l’impronta digitale, il volto o il blocco schermo.
page-state-expired = Questo link è scaduto
    .lead = I link funzionano solo per un periodo limitato. Chiedi a { $from } di inviartene uno nuovo.
page-state-revoked = Questo link è stato annullato
    .lead = Non può più essere usato. Se hai ancora bisogno di una passkey, chiedi un nuovo link a { $from }. Forse ce n’è già uno più recente nella tua posta.
page-state-suspended = Il tuo account è sospeso
    .lead = Chiedi a { $from } di riattivarlo. A quel punto il tuo link funzionerà ancora.
page-state-failed-to-send = Questo link non è valido
    .lead = Non è stato possibile recapitare l’email con questo link, quindi il link è stato annullato. Chiedi a { $from } di verificare il tuo indirizzo email e di inviartene uno nuovo.
page-state-used = Questo link è già stato usato
    .lead = Con questo link è già stata creata una passkey. Se sei stato tu, è tutto pronto: usala per accedere.
    .note = Se non sei stato tu, avvisa subito { $from }.
page-state-wrong-link = Questo link non è completo
    .lead = Una parte del link manca o è errata. Aprilo direttamente dal messaggio oppure copialo per intero nella barra degli indirizzi.
    .note = Se continua a non funzionare, chiedi un nuovo link.
page-state-cancelled = Nessuna passkey è stata creata
    .lead = L’operazione è stata annullata o ha richiesto troppo tempo. Non hai perso nulla: il tuo link è ancora valido.
page-state-exists = Hai già una passkey qui
    .lead = Hai già una passkey per { $from } su questo dispositivo e puoi usarla per accedere.
    .note = Puoi anche aggiungerne una su un telefono, un token di sicurezza o un altro dispositivo.
page-state-offline = Nessuna connessione
    .lead = Impossibile raggiungere il server. Controlla la connessione e riprova. Non hai perso nulla.
page-state-busy = Riprova tra poco
    .lead = Al momento il server è occupato. Non hai perso nulla: il tuo link è ancora valido.
page-state-refused = La passkey non è stata accettata
    .lead = Il tuo dispositivo ha creato una passkey, ma il server non ha potuto accettarla. Puoi riprovare, magari con un altro dispositivo o browser.
    .note = Se succede di nuovo, invia all’assistenza le righe qui sotto.

## The hosted page: the same states with a cause of their own

page-other-opener = Apri di nuovo il link dalla tua email
    .lead = Questa pagina non ha più il tuo link. Conserva un link in una sola scheda, finché non viene usato.
page-other-nowhere = Qui non c’è nulla
    .lead = Se hai seguito il link di un messaggio, una parte manca o è stata modificata. Aprilo direttamente dal messaggio oppure copialo per intero nella barra degli indirizzi.
page-other-errand = Un momento, per favore
    .lead = Tieni aperta questa pagina.
page-other-errandFailed = Si è verificato un problema
    .lead = Non ha funzionato. Riprova tra un momento.
page-other-trouble = Si è verificato un problema
    .lead = Non è stato possibile creare la passkey. Puoi riprovare, magari con un altro dispositivo o browser. Il tuo link è ancora valido.
page-other-tooMany =
    .lead = Ci sono stati troppi tentativi con questo link. Attendi un po’ e riprova. Il tuo link è ancora valido.
page-other-mailedNow =
    .lead = Un nuovo link è stato inviato poco fa. Controlla la posta prima di richiederlo di nuovo.
page-other-noMoreMails = Nessun altro invio
    .lead = Il nuovo link non può essere inviato di nuovo. Chiedi a { $from } di inviartene un altro.
page-other-declinedBefore =
    .lead = È stato annullato con il link nell’email e non può più essere usato. Se hai comunque bisogno di una passkey, chiedi un nuovo link a { $from }.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = Non te l’aspettavi?
    .lead = Qualcuno ha chiesto a { $from } di invitarti a creare una passkey. Se non ne vuoi una, annulla il link: così nessuno potrà usarlo.
page-errand-declined = Il link è stato annullato
    .lead = Non funziona più e { $from } può vedere che non te l’aspettavi.
    .note = Puoi chiudere questa pagina.
page-errand-disown = Hai creato tu questa passkey?
    .lead = Questa passkey è stata aggiunta al tuo account presso { $from }. Se non sei stato tu, rimuovila.
    .note = Se sei stato tu, chiudi questa pagina: non succede nulla.
page-errand-disowned = La passkey è stata rimossa
    .lead = Non è più valida presso { $from }.
    .note = Se non l’hai creata tu, avvisa { $from }, in modo che il tuo account venga controllato.
page-errand-removed = Questa passkey è già stata rimossa
    .lead = Non è più valida presso { $from }. Qui non c’è altro da fare.
    .note = Se non l’hai creata tu, avvisa { $from }, in modo che il tuo account venga controllato.
page-errand-over = È troppo tardi per rimuoverla qui
    .lead = Con questo link era possibile rimuovere la passkey fino al { $until }. La passkey è ancora valida. Se non l’hai creata tu, chiedi a { $from } di rimuoverla.
page-errand-removedByThem =
    .lead = { $from } l’ha rimossa il { $removed }. Qui non c’è altro da fare.
page-errand-removedByMail =
    .lead = È stata rimossa con questo link il { $removed } e non è più valida presso { $from }.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } non accetta passkey di questo tipo. Chiedi a { $from } che cosa puoi usare.
page-remedy-user_not_verified = Il tuo dispositivo non ha verificato la tua identità. Configura un PIN, un’impronta digitale o il riconoscimento del volto, oppure usa un altro dispositivo. Poi riprova.
page-remedy-resident_key_missing = Non è stato possibile salvare la passkey sul tuo token di sicurezza. Libera spazio eliminando le passkey che non ti servono più, oppure usa un altro dispositivo.
page-remedy-algorithm_not_allowed = { $from } non accetta il tipo di chiave creato da questo dispositivo. Usa un altro dispositivo o un altro token di sicurezza.
page-remedy-backup_eligibility_not_allowed = La passkey è stata salvata in una posizione che { $from } non accetta. Riprova e scegline un’altra: il dispositivo o un token di sicurezza al posto di un gestore delle password, o viceversa.
page-remedy-model = { $from } non accetta passkey di questa marca o di questo modello. Usa un altro dispositivo, token di sicurezza o gestore delle password; { $from } può dirti quali.
page-remedy-attestation_downgraded = Il browser non ha identificato il tuo dispositivo. Riprova e dai il consenso quando il browser chiede marca e modello. Prima disattiva le estensioni dei gestori delle password.
page-remedy-authenticator_status_refused = Questo modello di dispositivo o token di sicurezza ha vulnerabilità note, quindi { $from } non lo accetta. Usane un altro.
page-remedy-unproven = Il tuo dispositivo non ha potuto dimostrare che cos’è. Prova con un altro dispositivo o con un token di sicurezza.
page-remedy-credential_exists = Questa passkey è già registrata. Prova a usarla per accedere oppure usa un altro dispositivo.
