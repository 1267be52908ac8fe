mail-hello = Guten Tag { $name },
mail-copy = Falls die Schaltfläche nicht funktioniert, kopieren Sie diesen Link in Ihren Browser:
mail-until = Gültig bis: { $time }
mail-support = Support von { $realm } kontaktieren
mail-date = { $day }. { $month } { $year }, { $clock } Uhr (UTC)
mail-month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}
mail-test = Test: { $subject }
    .note = Dies ist eine Testmail. Ihre Links funktionieren nicht.

mail-invitation = Erstellen Sie Ihren Passkey für { $realm }
    .renewed-subject = Ihr neuer Link: Erstellen Sie Ihren Passkey für { $realm }
    .reminder-subject = Erinnerung: Erstellen Sie Ihren Passkey für { $realm }
    .preheader = { $realm } lädt Sie ein. Ein Fingertipp genügt: Fingerabdruck, Gesicht oder Bildschirmsperre.
    .renewed = Es wurde ein neuer Link angefordert, weil der frühere abgelaufen war. Er steht in dieser Mail und ersetzt den früheren.
    .reminder = Wir haben Ihnen diesen Link schon einmal gesendet, und Sie haben ihn noch nicht verwendet.
    .days-left = { $days ->
        [one] Er gilt noch { $days } Tag.
       *[other] Er gilt noch { $days } Tage.
    }
    .intro = { $realm } lädt Sie ein, einen Passkey zu erstellen. Danach melden Sie sich mit Fingerabdruck, Gesicht oder Bildschirmsperre an. Ein Passwort müssen Sie sich nicht merken.
    .how = Ein Fingertipp genügt. Öffnen Sie den Link auf dem Gerät, mit dem Sie sich anmelden möchten.
    .button = Passkey erstellen
    .once = Der Link funktioniert nur einmal und ist nur für Sie bestimmt. Bitte leiten Sie ihn nicht weiter.
    .unexpected = Sie haben diese Mail nicht erwartet?
    .safe = Ohne Sie geschieht nichts, und der Link läuft von selbst ab. Die Seite hinter dem Link fragt nie nach einem Passwort.
    .decline = Um sicherzugehen, können Sie { $start }den Link zurückziehen{ $end }.
    .decline-text = Um sicherzugehen, können Sie den Link hier zurückziehen:
    .question = Kommt Ihnen etwas verdächtig vor, oder haben Sie Fragen?

mail-notice = Ein Passkey wurde zu Ihrem Konto bei { $realm } hinzugefügt
    .heading = Ein Passkey wurde zu Ihrem Konto hinzugefügt
    .preheader = Ein Passkey wurde zu Ihrem Konto bei { $realm } hinzugefügt. Wenn Sie das waren, ist nichts zu tun.
    .intro = Zu Ihrem Konto bei { $realm } wurde ein Passkey hinzugefügt:
    .model = Erstellt mit: { $model }
    .unnamed = Nicht genannt
    .time = Zeit: { $time }
    .expected = Wenn Sie das waren, ist nichts zu tun.
    .unexpected = Das waren Sie nicht?
    .remove = Dann entfernen Sie den Passkey jetzt. Wer ihn erstellt hat, kann sich danach nicht mehr damit anmelden.
    .button = Passkey entfernen
    .life = { $hours ->
        [one] Der Link gilt { $hours } Stunde.
       *[other] Der Link gilt { $hours } Stunden.
    }
    .question = Fragen?
