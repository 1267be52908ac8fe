// Generated from shared/messages/de/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "Dieser Link ist abgelaufen. Bitten Sie um einen neuen.",
  "revoked": "Dieser Link wurde zurückgezogen. Wenn Sie noch einen Passkey brauchen, bitten Sie um einen neuen Link.",
  "failed_to_send": "Die Mail mit diesem Link konnte nicht zugestellt werden, daher wurde der Link aufgehoben. Bitten Sie um einen neuen.",
  "suspended": "Ihr Konto ist gesperrt. Sobald es wieder freigegeben ist, gilt Ihr Link weiterhin.",
  "already_bound": "Mit diesem Link wurde schon ein Passkey erstellt. Wenn Sie das waren, melden Sie sich damit an.",
  "already_registered": "Sie haben auf diesem Gerät schon einen Passkey. Melden Sie sich damit an.",
  "cancelled": "Es wurde kein Passkey erstellt: Der Vorgang wurde abgebrochen oder dauerte zu lange. Ihr Link gilt weiterhin.",
  "timed_out": "Das hat zu lange gedauert. Öffnen Sie Ihren Link noch einmal.",
  "aborted": "Es wurde kein Passkey erstellt.",
  "not_supported": "Dieser Browser oder dieses Gerät kann den Passkey nicht erstellen. Öffnen Sie den Link auf einem anderen Gerät oder in einem anderen Browser.",
  "not_trusted_origin": "Diese Seite darf Ihren Passkey nicht erstellen. Wenden Sie sich an den Support.",
  "wrong_link": "Dieser Link ist nicht vollständig. Öffnen Sie ihn direkt aus der Nachricht, oder kopieren Sie ihn vollständig in die Adresszeile.",
  "network": "Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung, und versuchen Sie es dann noch einmal.",
  "busy": "Der Server ist gerade ausgelastet. Versuchen Sie es gleich noch einmal.",
  "policy": "Ihr Gerät hat einen Passkey erstellt, aber er wurde nicht akzeptiert. Versuchen Sie es noch einmal, vielleicht mit einem anderen Gerät oder Browser.",
  "failed": "Etwas ist schiefgegangen, und es wurde kein Passkey erstellt. Versuchen Sie es noch einmal."
};
