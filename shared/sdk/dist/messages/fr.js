// Generated from shared/messages/fr/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "Ce lien a expiré. Demandez-en un nouveau.",
  "revoked": "Ce lien a été annulé. Si vous avez encore besoin d’une clé d’accès, demandez un nouveau lien.",
  "failed_to_send": "L’e-mail contenant ce lien n’a pas pu être remis, et le lien a donc été annulé. Demandez-en un nouveau.",
  "suspended": "Votre compte est suspendu. Dès qu’il sera réactivé, votre lien fonctionnera toujours.",
  "already_bound": "Une clé d’accès a déjà été créée avec ce lien. Si c’était vous, connectez-vous avec elle.",
  "already_registered": "Vous avez déjà une clé d’accès sur cet appareil. Connectez-vous avec elle.",
  "cancelled": "Aucune clé d’accès n’a été créée : l’opération a été annulée ou a pris trop de temps. Votre lien reste valable.",
  "timed_out": "Cela a pris trop de temps. Ouvrez à nouveau le lien que vous avez reçu.",
  "aborted": "Aucune clé d’accès n’a été créée.",
  "not_supported": "Ce navigateur ou cet appareil ne peut pas créer cette clé d’accès. Ouvrez le lien sur un autre appareil ou dans un autre navigateur.",
  "not_trusted_origin": "Cette page n’est pas autorisée à créer votre clé d’accès. Contactez l’assistance.",
  "wrong_link": "Ce lien est incomplet. Ouvrez-le directement depuis le message, ou copiez-le en entier dans la barre d’adresse.",
  "network": "Impossible de joindre le serveur. Vérifiez votre connexion, puis réessayez.",
  "busy": "Le serveur est occupé pour le moment. Réessayez dans un instant.",
  "policy": "Votre appareil a créé une clé d’accès, mais elle n’a pas été acceptée. Réessayez, peut-être avec un autre appareil ou un autre navigateur.",
  "failed": "Une erreur s’est produite, et aucune clé d’accès n’a été créée. Réessayez."
};
