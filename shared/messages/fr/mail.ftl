mail-hello = Bonjour { $name },
mail-copy = Si le bouton ne fonctionne pas, copiez ce lien dans votre navigateur :
mail-until = Valable jusqu’au { $time }
mail-support = Contacter l’assistance de { $realm }
mail-date = { $day } { $month } { $year } à { $clock } UTC
mail-month = { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
}
mail-test = Test : { $subject }
    .note = Ceci est un e-mail de test. Ses liens ne fonctionnent pas.

mail-invitation = Créez votre clé d’accès pour { $realm }
    .renewed-subject = Votre nouveau lien : créez votre clé d’accès pour { $realm }
    .reminder-subject = Rappel : créez votre clé d’accès pour { $realm }
    .preheader = { $realm } vous invite. Un seul geste suffit : empreinte digitale, visage ou verrouillage de l’écran.
    .renewed = Un nouveau lien a été demandé, car le précédent avait expiré. Il se trouve dans cet e-mail et remplace le précédent.
    .reminder = Nous vous avons déjà envoyé ce lien, et vous ne l’avez pas encore utilisé.
    .days-left = { $days ->
        [one] Il fonctionne encore { $days } jour.
       *[other] Il fonctionne encore { $days } jours.
    }
    .intro = { $realm } vous invite à créer une clé d’accès. Vous vous connecterez ensuite avec votre empreinte digitale, votre visage ou le verrouillage de l’écran. Aucun mot de passe à retenir.
    .how = Un seul geste suffit. Ouvrez le lien sur l’appareil avec lequel vous voulez vous connecter.
    .button = Créer la clé d’accès
    .once = Le lien fonctionne une seule fois et n’est destiné qu’à vous. Veuillez ne pas le transférer.
    .unexpected = Vous n’attendiez pas cet e-mail ?
    .safe = Sans vous, rien ne se passe, et le lien expire de lui-même. La page derrière le lien ne demande jamais de mot de passe.
    .decline = Par précaution, vous pouvez { $start }annuler le lien{ $end }.
    .decline-text = Par précaution, vous pouvez annuler le lien ici :
    .question = Quelque chose vous semble anormal, ou vous avez une question ?

mail-notice = Une clé d’accès a été ajoutée à votre compte chez { $realm }
    .heading = Une clé d’accès a été ajoutée à votre compte
    .preheader = Une clé d’accès a été ajoutée à votre compte chez { $realm }. Si c’était vous, vous n’avez rien à faire.
    .intro = Une clé d’accès a été ajoutée à votre compte chez { $realm } :
    .model = Créée avec : { $model }
    .unnamed = Non indiqué
    .time = Date : { $time }
    .expected = Si c’était vous, vous n’avez rien à faire.
    .unexpected = Ce n’était pas vous ?
    .remove = Supprimez alors la clé d’accès dès maintenant. La personne qui l’a créée ne pourra plus se connecter avec elle.
    .button = Supprimer la clé d’accès
    .life = { $hours ->
        [one] Le lien fonctionne pendant { $hours } heure.
       *[other] Le lien fonctionne pendant { $hours } heures.
    }
    .question = Des questions ?
