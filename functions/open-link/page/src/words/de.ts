// All texts of the page, in German.

import type { Localized } from '../words.js';

const model = '{from} akzeptiert keine Passkeys dieses Herstellers oder Modells. Verwenden Sie ein anderes Gerät, einen anderen Sicherheitsschlüssel oder Passwortmanager; {from} kann Ihnen sagen, welche.';
const unproven = 'Ihr Gerät konnte nicht nachweisen, was es ist. Versuchen Sie es mit einem anderen Gerät oder einem Sicherheitsschlüssel.';
const unused = 'Ihr Link gilt weiterhin: Es ist nichts verloren.';
const tellThem = 'Wenn Sie ihn nicht erstellt haben, informieren Sie {from}, damit Ihr Konto geprüft werden kann.';
const straight = 'Öffnen Sie ihn direkt aus der Nachricht, oder kopieren Sie ihn vollständig in die Adresszeile.';

export const localized: Localized = {
  fixed: {
    title: 'Passkey erstellen',
    from: 'Von',
    for: 'Für',
    passkey: 'Passkey',
    created: 'Erstellt am',
    until: 'Gültig bis',
    elsewhere: 'Auf einem anderen Gerät oder in einem anderen Browser weitermachen',
    scripts: 'JavaScript ist ausgeschaltet',
    scripts_lead:
      'Diese Seite braucht JavaScript, um einen Passkey zu erstellen. Erlauben Sie es hier, oder öffnen Sie Ihren Link in einem anderen Browser.',
    late: 'Geschieht hier nichts, ist dieser Browser vermutlich zu alt. Öffnen Sie Ihren Link in einem aktuellen.',
  },
  text: {
    someone: 'der Absender Ihres Links',
    create: 'Passkey erstellen',
    here: 'Trotzdem hier erstellen',
    decline: 'Link zurückziehen',
    disown: 'Passkey entfernen',
    renew: 'Neuen Link per Mail anfordern',
    again: 'Noch einmal senden',
    retry: 'Noch einmal versuchen',
    otherDevice: 'Anderes Gerät verwenden',
    proceed: 'Weiter',
    support: 'Support kontaktieren',
    copy: 'Link kopieren',
    copied: 'Der Link ist kopiert. Fügen Sie ihn in die Adresszeile des anderen Browsers ein.',
    byHand: 'Kopieren Sie diesen Link, und fügen Sie ihn in die Adresszeile des anderen Browsers ein.',
    share: 'Link teilen',
    qr: 'QR-Code anzeigen',
    scan: 'Scannen Sie diesen Code mit der Kamera des anderen Geräts. Zeigen Sie ihn sonst niemandem: Er ist Ihr Link.',
    noQr: 'Der QR-Code konnte nicht geladen werden. Kopieren Sie stattdessen den Link.',
    preparing: 'Wird vorbereitet …',
    device: 'Folgen Sie den Anweisungen Ihres Geräts.',
    saving: 'Ihr Passkey wird gespeichert …',
    leaving: 'Weiter zu {host} …',
    stay: 'Sie können diese Seite schließen.',
    wait: 'Versuchen Sie es in {time} noch einmal.',
    reason: 'Grund: ',
    request: 'Anfrage: ',
    unnamed: 'Unbekannter Hersteller',
  },
  states: {
    checking: { heading: 'Ihr Link wird geprüft', lead: 'Einen Moment, bitte.' },
    ready: {
      heading: 'Erstellen Sie Ihren Passkey',
      lead: '{from} lädt Sie ein, einen Passkey zu erstellen. Ihr Gerät fragt nach Fingerabdruck, Gesicht oder Bildschirmsperre. Sie müssen sich nichts merken.',
      note: 'Sie haben das nicht erwartet? Schließen Sie die Seite: Es geschieht nichts, und der Link läuft von selbst ab.',
    },
    'in-app': {
      heading: 'Öffnen Sie den Link in Ihrem Browser',
      lead: 'Im eingebauten Browser einer anderen App lassen sich Passkeys oft nicht erstellen. Kopieren Sie den Link, und öffnen Sie ihn in dem Browser, den Sie sonst verwenden.',
      note: unused,
    },
    unsupported: {
      heading: 'In einem anderen Browser weitermachen',
      lead: 'Dieser Browser oder dieses Gerät kann den Passkey nicht erstellen. Öffnen Sie den Link auf Ihrem Telefon oder in einem anderen Browser.',
      note: unused,
    },
    decline: {
      heading: 'Sie haben das nicht erwartet?',
      lead: 'Jemand hat {from} gebeten, Sie zu einem Passkey einzuladen. Wenn Sie keinen möchten, ziehen Sie den Link zurück: Dann kann ihn niemand mehr verwenden.',
    },
    declined: {
      heading: 'Der Link ist zurückgezogen',
      lead: 'Mit ihm kann niemand mehr einen Passkey erstellen, und {from} kann sehen, dass Sie ihn nicht erwartet haben.',
      note: 'Sie können diese Seite schließen.',
    },
    disown: {
      heading: 'Haben Sie diesen Passkey erstellt?',
      lead: 'Dieser Passkey wurde zu Ihrem Konto bei {from} hinzugefügt. Wenn Sie das nicht waren, entfernen Sie ihn.',
      note: 'Wenn Sie es waren, schließen Sie die Seite: Es geschieht nichts.',
    },
    disowned: { heading: 'Der Passkey ist entfernt', lead: 'Er ist bei {from} nicht mehr gültig.', note: tellThem },
    removed: {
      heading: 'Dieser Passkey ist schon entfernt',
      lead: 'Er ist bei {from} nicht mehr gültig. Hier ist nichts mehr zu tun.',
      note: tellThem,
    },
    over: {
      heading: 'Hier lässt er sich nicht mehr entfernen',
      lead: 'Mit diesem Link ließ sich der Passkey bis {until} entfernen. Der Passkey ist noch gültig. Wenn Sie ihn nicht erstellt haben, bitten Sie {from}, ihn zu entfernen.',
    },
    renewable: {
      heading: 'Dieser Link ist abgelaufen',
      lead: 'Links gelten nur eine begrenzte Zeit. Ein neuer kann an die Adresse gesendet werden, die {from} von Ihnen hat.',
    },
    renewing: {
      heading: 'Sie haben schon einen neueren Link',
      lead: 'Dieser Link ist abgelaufen. Ein neuer wurde am {mailed} an die Adresse gesendet, die {from} von Ihnen hat. Öffnen Sie diesen.',
      note: 'Er ist nicht da? Sehen Sie im Spam-Ordner nach, oder lassen Sie ihn noch einmal senden.',
    },
    renewed: {
      heading: 'Ein neuer Link ist unterwegs',
      lead: 'Sehen Sie in Ihren Mails nach, und öffnen Sie den neuen Link auf dem Gerät, mit dem Sie sich anmelden möchten.',
      note: 'Sie können diese Seite schließen.',
    },
    working: { heading: 'Ihr Passkey wird erstellt', lead: 'Lassen Sie diese Seite offen, bis Ihr Passkey fertig ist.' },
    done: {
      heading: 'Ihr Passkey ist fertig',
      lead: 'Von jetzt an melden Sie sich bei {from} mit Fingerabdruck, Gesicht oder Bildschirmsperre an.',
    },
    expired: {
      heading: 'Dieser Link ist abgelaufen',
      lead: 'Links gelten nur eine begrenzte Zeit. Bitten Sie {from} um einen neuen.',
    },
    revoked: {
      heading: 'Dieser Link wurde zurückgezogen',
      lead: 'Er kann nicht mehr verwendet werden. Wenn Sie noch einen Passkey brauchen, bitten Sie {from} um einen neuen Link. Vielleicht ist schon ein neuerer in Ihren Mails.',
    },
    suspended: {
      heading: 'Ihr Konto ist gesperrt',
      lead: 'Bitten Sie {from}, es freizugeben. Ihr Link gilt weiterhin.',
    },
    'failed-to-send': {
      heading: 'Dieser Link ist nicht gültig',
      lead: 'Die Mail mit diesem Link konnte nicht zugestellt werden, daher wurde der Link aufgehoben. Bitten Sie {from}, Ihre Mailadresse zu prüfen und einen neuen zu senden.',
    },
    used: {
      heading: 'Dieser Link wurde schon verwendet',
      lead: 'Mit diesem Link wurde schon ein Passkey erstellt. Wenn Sie das waren, sind Sie fertig: Melden Sie sich damit an.',
      note: 'Wenn Sie das nicht waren, informieren Sie {from} sofort.',
    },
    'wrong-link': {
      heading: 'Dieser Link ist nicht vollständig',
      lead: `Ein Teil des Links fehlt oder ist falsch. ${straight}`,
      note: 'Wenn es dann noch nicht geht, bitten Sie um einen neuen Link.',
    },
    cancelled: {
      heading: 'Es wurde kein Passkey erstellt',
      lead: 'Der Vorgang wurde abgebrochen oder dauerte zu lange. Es ist nichts verloren: Ihr Link gilt weiterhin.',
    },
    exists: {
      heading: 'Sie haben hier schon einen Passkey',
      lead: 'Auf diesem Gerät haben Sie schon einen Passkey für {from} und können sich damit anmelden.',
      note: 'Sie können auch auf einem Telefon, einem Sicherheitsschlüssel oder einem anderen Gerät einen hinzufügen.',
    },
    offline: {
      heading: 'Keine Verbindung',
      lead: 'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung, und versuchen Sie es dann noch einmal. Es ist nichts verloren.',
    },
    busy: {
      heading: 'Bitte versuchen Sie es gleich noch einmal',
      lead: 'Der Server ist gerade ausgelastet. Es ist nichts verloren: Ihr Link gilt weiterhin.',
    },
    refused: {
      heading: 'Der Passkey wurde nicht akzeptiert',
      lead: 'Ihr Gerät hat einen Passkey erstellt, aber der Server konnte ihn nicht annehmen. Versuchen Sie es noch einmal, vielleicht mit einem anderen Gerät oder Browser.',
      note: 'Wenn es wieder geschieht, senden Sie dem Support die Zeilen unten.',
    },
  },
  other: {
    opener: {
      heading: 'Öffnen Sie den Link aus Ihrer Mail noch einmal',
      lead: 'Diese Seite hat Ihren Link nicht mehr. Sie behält einen Link nur, bis er verbraucht ist, und nur in einem Tab.',
      note: '',
    },
    nowhere: {
      heading: 'Hier ist nichts',
      lead: `Wenn Sie einem Link aus einer Nachricht gefolgt sind, fehlt ein Teil davon oder wurde verändert. ${straight}`,
    },
    errand: { heading: 'Einen Moment, bitte', lead: 'Lassen Sie diese Seite offen.' },
    errandFailed: {
      heading: 'Etwas ist schiefgegangen',
      lead: 'Es hat gerade nicht geklappt. Versuchen Sie es gleich noch einmal.',
      note: '',
    },
    trouble: {
      heading: 'Etwas ist schiefgegangen',
      lead: 'Der Passkey konnte nicht erstellt werden. Versuchen Sie es noch einmal, vielleicht mit einem anderen Gerät oder Browser. Ihr Link gilt weiterhin.',
    },
    tooMany: {
      lead: 'Mit diesem Link gab es zu viele Versuche. Warten Sie ein wenig, und versuchen Sie es dann noch einmal. Ihr Link gilt weiterhin.',
    },
    mailedNow: {
      lead: 'Ein neuer Link wurde gerade eben gesendet. Sehen Sie in Ihren Mails nach, bevor Sie ihn noch einmal anfordern.',
    },
    noMoreMails: {
      heading: 'Keine weiteren Mails',
      lead: 'Der neue Link wurde so oft gesendet, wie es möglich ist. Bitten Sie {from} um einen anderen.',
      note: '',
    },
    declinedBefore: {
      lead: 'Er wurde mit dem Link in der Mail zurückgezogen und kann nicht mehr verwendet werden. Wenn Sie doch einen Passkey brauchen, bitten Sie {from} um einen neuen Link.',
    },
    removedByThem: { lead: '{from} hat ihn am {removed} entfernt. Hier ist nichts mehr zu tun.', note: '' },
    removedByMail: { lead: 'Er wurde am {removed} mit diesem Link entfernt und ist bei {from} nicht mehr gültig.' },
  },
  remedies: {
    mechanism_not_allowed: '{from} akzeptiert keine Passkeys dieser Art. Fragen Sie {from}, was Sie verwenden können.',
    user_not_verified:
      'Ihr Gerät hat nicht geprüft, dass Sie es sind. Richten Sie eine PIN, einen Fingerabdruck oder Gesichtserkennung ein, oder verwenden Sie ein anderes Gerät. Versuchen Sie es dann noch einmal.',
    resident_key_missing:
      'Der Passkey konnte auf Ihrem Sicherheitsschlüssel nicht gespeichert werden. Löschen Sie dort Passkeys, die Sie nicht mehr brauchen, oder verwenden Sie ein anderes Gerät.',
    algorithm_not_allowed:
      '{from} akzeptiert die Art von Schlüssel nicht, die dieses Gerät erstellt. Verwenden Sie ein anderes Gerät oder einen anderen Sicherheitsschlüssel.',
    backup_eligibility_not_allowed:
      'Der Passkey wurde an einem Ort gespeichert, den {from} nicht akzeptiert. Versuchen Sie es noch einmal, und wählen Sie einen anderen: Ihr Gerät oder einen Sicherheitsschlüssel statt eines Passwortmanagers, oder umgekehrt.',
    aaguid_not_allowed: model,
    attestation_downgraded:
      'Ihr Browser hat nicht mitgeteilt, welches Gerät verwendet wurde. Versuchen Sie es noch einmal, und erlauben Sie es, wenn er nach Hersteller und Modell fragt. Schalten Sie dafür Erweiterungen von Passwortmanagern aus.',
    attestation_untrusted: model,
    attestation_expired: unproven,
    authenticator_unknown: model,
    authenticator_status_refused:
      'Dieses Modell hat bekannte Schwächen, daher akzeptiert {from} es nicht. Verwenden Sie ein anderes.',
    certification_too_low: model,
    attestation_invalid: unproven,
    attestation_signature_invalid: unproven,
    attestation_certificate_invalid: unproven,
    attestation_format_not_supported: unproven,
    'credential-exists':
      'Dieser Passkey ist schon registriert. Versuchen Sie, sich damit anzumelden, oder verwenden Sie ein anderes Gerät.',
  },
};
