// Generated from shared/messages/nl/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "Deze link is verlopen. Vraag om een nieuwe.",
  "revoked": "Deze link is ingetrokken. Als je nog een toegangssleutel nodig hebt, vraag dan om een nieuwe link.",
  "failed_to_send": "De mail met deze link kon niet worden bezorgd, dus de link is geannuleerd. Vraag om een nieuwe.",
  "suspended": "Je account is geblokkeerd. Zodra het weer actief is, werkt je link nog steeds.",
  "already_bound": "Er is al een toegangssleutel gemaakt met deze link. Als jij dat was, log er dan mee in.",
  "already_registered": "Je hebt al een toegangssleutel op dit apparaat. Log ermee in.",
  "cancelled": "Er is geen toegangssleutel gemaakt: het is geannuleerd of het duurde te lang. Je link werkt nog.",
  "timed_out": "Dat duurde te lang. Open de link die je hebt gekregen opnieuw.",
  "aborted": "Er is geen toegangssleutel gemaakt.",
  "not_supported": "Deze browser of dit apparaat kan deze toegangssleutel niet maken. Open de link op een ander apparaat of in een andere browser.",
  "not_trusted_origin": "Deze pagina mag je toegangssleutel niet maken. Neem contact op met support.",
  "wrong_link": "Deze link is niet volledig. Open hem rechtstreeks vanuit het bericht, of kopieer hem helemaal naar de adresbalk.",
  "network": "We kunnen de server niet bereiken. Controleer je verbinding en probeer het opnieuw.",
  "busy": "De server is op dit moment druk. Probeer het zo meteen opnieuw.",
  "policy": "Je apparaat heeft een toegangssleutel gemaakt, maar die is niet geaccepteerd. Probeer het opnieuw, misschien met een ander apparaat of een andere browser.",
  "failed": "Er is iets misgegaan en er is geen toegangssleutel gemaakt. Probeer het opnieuw."
};
