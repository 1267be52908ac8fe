// Generated from shared/messages/it/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "Questo link è scaduto. Chiedine uno nuovo.",
  "revoked": "Questo link è stato annullato. Se hai ancora bisogno di una passkey, chiedi un nuovo link.",
  "failed_to_send": "Non è stato possibile recapitare l’email con questo link, quindi il link è stato annullato. Chiedine uno nuovo.",
  "suspended": "Il tuo account è sospeso. Quando sarà di nuovo attivo, il tuo link funzionerà ancora.",
  "already_bound": "Con questo link è già stata creata una passkey. Se sei stato tu, usala per accedere.",
  "already_registered": "Hai già una passkey su questo dispositivo. Usala per accedere.",
  "cancelled": "Nessuna passkey è stata creata: l’operazione è stata annullata o ha richiesto troppo tempo. Il tuo link è ancora valido.",
  "timed_out": "Ci è voluto troppo tempo. Apri di nuovo il link che hai ricevuto.",
  "aborted": "Nessuna passkey è stata creata.",
  "not_supported": "Questo browser o dispositivo non può creare questa passkey. Apri il link su un altro dispositivo o in un altro browser.",
  "not_trusted_origin": "Questa pagina non è autorizzata a creare la tua passkey. Contatta l’assistenza.",
  "wrong_link": "Questo link non è completo. Aprilo direttamente dal messaggio oppure copialo per intero nella barra degli indirizzi.",
  "network": "Impossibile raggiungere il server. Controlla la connessione e riprova.",
  "busy": "Al momento il server è occupato. Riprova tra poco.",
  "policy": "Il tuo dispositivo ha creato una passkey, ma non è stata accettata. Riprova, magari con un altro dispositivo o browser.",
  "failed": "Si è verificato un problema e nessuna passkey è stata creata. Riprova."
};
