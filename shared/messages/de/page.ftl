## The hosted page: what the server fills in

page-fixed-title = Passkey erstellen
page-fixed-scripts = JavaScript ist ausgeschaltet
page-fixed-scripts_lead = Diese Seite braucht JavaScript, um einen Passkey zu erstellen. Erlauben Sie es hier, oder öffnen Sie Ihren Link in einem anderen Browser.
page-fixed-late = Geschieht hier nichts, ist dieser Browser vermutlich zu alt. Öffnen Sie Ihren Link in einem aktuellen.

## The hosted page: buttons and short texts

page-text-from = Von
page-text-for = Für
page-text-passkey = Passkey
page-text-created = Erstellt am
page-text-until = Gültig bis
page-text-elsewhere = Auf einem anderen Gerät oder in einem anderen Browser weitermachen
page-text-someone = der Absender Ihres Links
page-text-create = Passkey erstellen
page-text-here = Trotzdem hier erstellen
page-text-decline = Link zurückziehen
page-text-disown = Passkey entfernen
page-text-renew = Neuen Link per Mail anfordern
page-text-again = Noch einmal senden
page-text-retry = Noch einmal versuchen
page-text-otherDevice = Anderes Gerät verwenden
page-text-proceed = Weiter
page-text-support = Support kontaktieren
page-text-copy = Link kopieren
page-text-copied = Der Link ist kopiert. Fügen Sie ihn in die Adresszeile des anderen Browsers ein.
page-text-byHand = Kopieren Sie diesen Link, und fügen Sie ihn in die Adresszeile des anderen Browsers ein.
page-text-share = Link teilen
page-text-qr = QR-Code anzeigen
page-text-scan = Scannen Sie diesen Code mit der Kamera des anderen Geräts. Zeigen Sie ihn sonst niemandem: Er ist Ihr Link.
page-text-noQr = Der QR-Code konnte nicht geladen werden. Kopieren Sie stattdessen den Link.
page-text-preparing = Wird vorbereitet …
page-text-device = Folgen Sie den Anweisungen Ihres Geräts.
page-text-saving = Ihr Passkey wird gespeichert …
page-text-leaving = Weiter zu { $host } …
page-text-stay = Sie können diese Seite schließen.
page-text-wait = Versuchen Sie es in { $time } noch einmal.
page-text-reason = Grund:
page-text-request = Anfrage:
page-text-unnamed = Unbekannter Hersteller

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Ihr Link wird geprüft
    .lead = Einen Moment, bitte.
page-state-ready = Erstellen Sie Ihren Passkey
    .lead = { $from } lädt Sie ein, einen Passkey zu erstellen. Ihr Gerät fragt nach Fingerabdruck, Gesicht oder Bildschirmsperre. Sie müssen sich nichts merken.
    .note = Sie haben das nicht erwartet? Schließen Sie die Seite: Es geschieht nichts, und der Link läuft von selbst ab.
page-state-in-app = Öffnen Sie den Link in Ihrem Browser
    .lead = Im eingebauten Browser einer anderen App lassen sich Passkeys oft nicht erstellen. Kopieren Sie den Link, und öffnen Sie ihn in dem Browser, den Sie sonst verwenden.
    .note = Ihr Link gilt weiterhin: Es ist nichts verloren.
page-state-unsupported = In einem anderen Browser weitermachen
    .lead = Dieser Browser oder dieses Gerät kann den Passkey nicht erstellen. Öffnen Sie den Link auf Ihrem Telefon oder in einem anderen Browser.
    .note = Ihr Link gilt weiterhin: Es ist nichts verloren.
page-state-renewable = Dieser Link ist abgelaufen
    .lead = Links gelten nur eine begrenzte Zeit. Ein neuer kann an die Adresse gesendet werden, die { $from } von Ihnen hat.
page-state-renewing = Sie haben schon einen neueren Link
    .lead = Dieser Link ist abgelaufen. Ein neuer wurde am { $mailed } an die Adresse gesendet, die { $from } von Ihnen hat. Öffnen Sie diesen.
    .note = Er ist nicht da? Sehen Sie im Spam-Ordner nach, oder lassen Sie ihn noch einmal senden.
page-state-renewed = Ein neuer Link ist unterwegs
    .lead = Sehen Sie in Ihren Mails nach, und öffnen Sie den neuen Link auf dem Gerät, mit dem Sie sich anmelden möchten.
    .note = Sie können diese Seite schließen.
page-state-working = Ihr Passkey wird erstellt
    .lead = Lassen Sie diese Seite offen, bis Ihr Passkey fertig ist.
page-state-done = Ihr Passkey ist fertig
    .lead = Von jetzt an melden Sie sich bei { $from } mit Fingerabdruck, Gesicht oder Bildschirmsperre an.
page-state-expired = Dieser Link ist abgelaufen
    .lead = Links gelten nur eine begrenzte Zeit. Bitten Sie { $from } um einen neuen.
page-state-revoked = Dieser Link wurde zurückgezogen
    .lead = Er kann nicht mehr verwendet werden. Wenn Sie noch einen Passkey brauchen, bitten Sie { $from } um einen neuen Link. Vielleicht ist schon ein neuerer in Ihren Mails.
page-state-suspended = Ihr Konto ist gesperrt
    .lead = Bitten Sie { $from }, es freizugeben. Ihr Link gilt weiterhin.
page-state-failed-to-send = Dieser Link ist nicht gültig
    .lead = Die Mail mit diesem Link konnte nicht zugestellt werden, daher wurde der Link aufgehoben. Bitten Sie { $from }, Ihre Mailadresse zu prüfen und einen neuen zu senden.
page-state-used = Dieser Link wurde schon verwendet
    .lead = Mit diesem Link wurde schon ein Passkey erstellt. Wenn Sie das waren, sind Sie fertig: Melden Sie sich damit an.
    .note = Wenn Sie das nicht waren, informieren Sie { $from } sofort.
page-state-wrong-link = Dieser Link ist nicht vollständig
    .lead = Ein Teil des Links fehlt oder ist falsch. Öffnen Sie ihn direkt aus der Nachricht, oder kopieren Sie ihn vollständig in die Adresszeile.
    .note = Wenn es dann noch nicht geht, bitten Sie um einen neuen Link.
page-state-cancelled = Es wurde kein Passkey erstellt
    .lead = Der Vorgang wurde abgebrochen oder dauerte zu lange. Es ist nichts verloren: Ihr Link gilt weiterhin.
page-state-exists = Sie haben hier schon einen Passkey
    .lead = Auf diesem Gerät haben Sie schon einen Passkey für { $from } und können sich damit anmelden.
    .note = Sie können auch auf einem Telefon, einem Sicherheitsschlüssel oder einem anderen Gerät einen hinzufügen.
page-state-offline = Keine Verbindung
    .lead = Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung, und versuchen Sie es dann noch einmal. Es ist nichts verloren.
page-state-busy = Bitte versuchen Sie es gleich noch einmal
    .lead = Der Server ist gerade ausgelastet. Es ist nichts verloren: Ihr Link gilt weiterhin.
page-state-refused = Der Passkey wurde nicht akzeptiert
    .lead = Ihr Gerät hat einen Passkey erstellt, aber der Server konnte ihn nicht annehmen. Versuchen Sie es noch einmal, vielleicht mit einem anderen Gerät oder Browser.
    .note = Wenn es wieder geschieht, senden Sie dem Support die Zeilen unten.

## The hosted page: the same states with a cause of their own

page-other-opener = Öffnen Sie den Link aus Ihrer Mail noch einmal
    .lead = Diese Seite hat Ihren Link nicht mehr. Sie behält einen Link nur, bis er verbraucht ist, und nur in einem Tab.
page-other-nowhere = Hier ist nichts
    .lead = Wenn Sie einem Link aus einer Nachricht gefolgt sind, fehlt ein Teil davon oder wurde verändert. Öffnen Sie ihn direkt aus der Nachricht, oder kopieren Sie ihn vollständig in die Adresszeile.
page-other-errand = Einen Moment, bitte
    .lead = Lassen Sie diese Seite offen.
page-other-errandFailed = Etwas ist schiefgegangen
    .lead = Es hat gerade nicht geklappt. Versuchen Sie es gleich noch einmal.
page-other-trouble = Etwas ist schiefgegangen
    .lead = Der Passkey konnte nicht erstellt werden. Versuchen Sie es noch einmal, vielleicht mit einem anderen Gerät oder Browser. Ihr Link gilt weiterhin.
page-other-tooMany =
    .lead = Mit diesem Link gab es zu viele Versuche. Warten Sie ein wenig, und versuchen Sie es dann noch einmal. Ihr Link gilt weiterhin.
page-other-mailedNow =
    .lead = Ein neuer Link wurde gerade eben gesendet. Sehen Sie in Ihren Mails nach, bevor Sie ihn noch einmal anfordern.
page-other-noMoreMails = Keine weiteren Mails
    .lead = Der neue Link wurde so oft gesendet, wie es möglich ist. Bitten Sie { $from } um einen anderen.
page-other-declinedBefore =
    .lead = Er wurde mit dem Link in der Mail zurückgezogen und kann nicht mehr verwendet werden. Wenn Sie doch einen Passkey brauchen, bitten Sie { $from } um einen neuen Link.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = Sie haben das nicht erwartet?
    .lead = Jemand hat { $from } gebeten, Sie zu einem Passkey einzuladen. Wenn Sie keinen möchten, ziehen Sie den Link zurück: Dann kann ihn niemand mehr verwenden.
page-errand-declined = Der Link ist zurückgezogen
    .lead = Mit ihm kann niemand mehr einen Passkey erstellen, und { $from } kann sehen, dass Sie ihn nicht erwartet haben.
    .note = Sie können diese Seite schließen.
page-errand-disown = Haben Sie diesen Passkey erstellt?
    .lead = Dieser Passkey wurde zu Ihrem Konto bei { $from } hinzugefügt. Wenn Sie das nicht waren, entfernen Sie ihn.
    .note = Wenn Sie es waren, schließen Sie die Seite: Es geschieht nichts.
page-errand-disowned = Der Passkey ist entfernt
    .lead = Er ist bei { $from } nicht mehr gültig.
    .note = Wenn Sie ihn nicht erstellt haben, informieren Sie { $from }, damit Ihr Konto geprüft werden kann.
page-errand-removed = Dieser Passkey ist schon entfernt
    .lead = Er ist bei { $from } nicht mehr gültig. Hier ist nichts mehr zu tun.
    .note = Wenn Sie ihn nicht erstellt haben, informieren Sie { $from }, damit Ihr Konto geprüft werden kann.
page-errand-over = Hier lässt er sich nicht mehr entfernen
    .lead = Mit diesem Link ließ sich der Passkey bis { $until } entfernen. Der Passkey ist noch gültig. Wenn Sie ihn nicht erstellt haben, bitten Sie { $from }, ihn zu entfernen.
page-errand-removedByThem =
    .lead = { $from } hat ihn am { $removed } entfernt. Hier ist nichts mehr zu tun.
page-errand-removedByMail =
    .lead = Er wurde am { $removed } mit diesem Link entfernt und ist bei { $from } nicht mehr gültig.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } akzeptiert keine Passkeys dieser Art. Fragen Sie { $from }, was Sie verwenden können.
page-remedy-user_not_verified = Ihr Gerät hat nicht geprüft, dass Sie es sind. Richten Sie eine PIN, einen Fingerabdruck oder Gesichtserkennung ein, oder verwenden Sie ein anderes Gerät. Versuchen Sie es dann noch einmal.
page-remedy-resident_key_missing = Der Passkey konnte auf Ihrem Sicherheitsschlüssel nicht gespeichert werden. Löschen Sie dort Passkeys, die Sie nicht mehr brauchen, oder verwenden Sie ein anderes Gerät.
page-remedy-algorithm_not_allowed = { $from } akzeptiert die Art von Schlüssel nicht, die dieses Gerät erstellt. Verwenden Sie ein anderes Gerät oder einen anderen Sicherheitsschlüssel.
page-remedy-backup_eligibility_not_allowed = Der Passkey wurde an einem Ort gespeichert, den { $from } nicht akzeptiert. Versuchen Sie es noch einmal, und wählen Sie einen anderen: Ihr Gerät oder einen Sicherheitsschlüssel statt eines Passwortmanagers, oder umgekehrt.
page-remedy-model = { $from } akzeptiert keine Passkeys dieses Herstellers oder Modells. Verwenden Sie ein anderes Gerät, einen anderen Sicherheitsschlüssel oder Passwortmanager; { $from } kann Ihnen sagen, welche.
page-remedy-attestation_downgraded = Ihr Browser hat nicht mitgeteilt, welches Gerät verwendet wurde. Versuchen Sie es noch einmal, und erlauben Sie es, wenn er nach Hersteller und Modell fragt. Schalten Sie dafür Erweiterungen von Passwortmanagern aus.
page-remedy-authenticator_status_refused = Dieses Modell hat bekannte Schwächen, daher akzeptiert { $from } es nicht. Verwenden Sie ein anderes.
page-remedy-unproven = Ihr Gerät konnte nicht nachweisen, was es ist. Versuchen Sie es mit einem anderen Gerät oder einem Sicherheitsschlüssel.
page-remedy-credential_exists = Dieser Passkey ist schon registriert. Versuchen Sie, sich damit anzumelden, oder verwenden Sie ein anderes Gerät.
