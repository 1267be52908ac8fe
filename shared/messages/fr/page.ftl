## The hosted page: what the server fills in

page-fixed-title = Créez votre clé d’accès
page-fixed-scripts = JavaScript est désactivé
page-fixed-scripts_lead = Cette page a besoin de JavaScript pour créer une clé d’accès. Autorisez-le ici, ou ouvrez le lien que vous avez reçu dans un autre navigateur.
page-fixed-late = Si rien ne se passe ici, ce navigateur est probablement trop ancien. Ouvrez le lien que vous avez reçu dans un navigateur récent.

## The hosted page: buttons and short texts

page-text-from = De
page-text-for = Pour
page-text-passkey = Clé d’accès
page-text-created = Créée le
page-text-until = Valable jusqu’au
page-text-elsewhere = Continuer sur un autre appareil ou dans un autre navigateur
page-text-someone = l’expéditeur de votre lien
page-text-create = Créer la clé d’accès
page-text-here = La créer ici quand même
page-text-decline = Annuler le lien
page-text-disown = Supprimer la clé d’accès
page-text-renew = M’envoyer un nouveau lien
page-text-again = Renvoyer l’e-mail
page-text-retry = Réessayer
page-text-otherDevice = Utiliser un autre appareil
page-text-proceed = Continuer
page-text-support = Contacter l’assistance
page-text-copy = Copier le lien
page-text-copied = Le lien est copié. Collez-le dans la barre d’adresse de l’autre navigateur.
page-text-byHand = Copiez ce lien, puis collez-le dans la barre d’adresse de l’autre navigateur.
page-text-share = Partager le lien
page-text-qr = Afficher le code QR
page-text-scan = Scannez ce code avec l’appareil photo de l’autre appareil. Il contient votre lien : ne le montrez à personne d’autre.
page-text-noQr = Impossible de charger le code QR. Copiez plutôt le lien.
page-text-preparing = Préparation…
page-text-device = Suivez les instructions de votre appareil.
page-text-saving = Enregistrement de votre clé d’accès…
page-text-leaving = Redirection vers { $host }…
page-text-stay = Vous pouvez fermer cette page.
page-text-wait = Réessayez dans { $time }.
page-text-reason = Motif :
page-text-request = Requête :
page-text-unnamed = Fabricant inconnu

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Vérification de votre lien
    .lead = Un instant, s’il vous plaît.
page-state-ready = Créez votre clé d’accès
    .lead = { $from } vous invite à créer une clé d’accès. Votre appareil vous demandera votre empreinte digitale, votre visage ou le verrouillage de l’écran. Vous n’avez rien à retenir.
    .note = Vous ne vous y attendiez pas ? Vous pouvez fermer cette page : rien ne se passe, et le lien expire de lui-même.
page-state-in-app = Ouvrez ce lien dans votre navigateur
    .lead = Vous êtes dans le navigateur intégré d’une autre application, où il est souvent impossible de créer une clé d’accès. Copiez le lien, puis ouvrez-le dans votre navigateur habituel.
    .note = Votre lien reste valable.
page-state-unsupported = Continuez dans un autre navigateur
    .lead = Ce navigateur ou cet appareil ne peut pas créer cette clé d’accès. Ouvrez le lien sur votre téléphone ou dans un autre navigateur.
    .note = Votre lien reste valable.
page-state-renewable = Ce lien a expiré
    .lead = Les liens ne fonctionnent que pendant une durée limitée. Un nouveau lien peut être envoyé à l’adresse que { $from } a pour vous.
page-state-renewing = Vous avez déjà un lien plus récent
    .lead = Ce lien a expiré. Un nouveau lien a été envoyé à l’adresse que { $from } a pour vous, le { $mailed }. Ouvrez celui-là.
    .note = Vous ne le trouvez pas ? Vérifiez vos courriers indésirables, ou faites-le renvoyer.
page-state-renewed = Un nouveau lien est en route
    .lead = Consultez vos e-mails, puis ouvrez le nouveau lien sur l’appareil avec lequel vous voulez vous connecter.
    .note = Vous pouvez fermer cette page.
page-state-working = Création de votre clé d’accès
    .lead = Gardez cette page ouverte jusqu’à ce que votre clé d’accès soit prête.
page-state-done = Votre clé d’accès est prête
    .lead = Désormais, vous vous connectez à { $from } avec votre empreinte digitale, votre visage ou le verrouillage de l’écran.
page-state-expired = Ce lien a expiré
    .lead = Les liens ne fonctionnent que pendant une durée limitée. Demandez à { $from } de vous en envoyer un nouveau.
page-state-revoked = Ce lien a été annulé
    .lead = Il ne peut plus être utilisé. Si vous avez encore besoin d’une clé d’accès, demandez un nouveau lien à { $from }. Il y en a peut-être déjà un plus récent dans vos e-mails.
page-state-suspended = Votre compte est suspendu
    .lead = Demandez à { $from } de le réactiver. Votre lien fonctionnera alors toujours.
page-state-failed-to-send = Ce lien n’est pas valable
    .lead = L’e-mail contenant ce lien n’a pas pu être remis, et le lien a donc été annulé. Demandez à { $from } de vérifier votre adresse e-mail et de vous envoyer un nouveau lien.
page-state-used = Ce lien a déjà été utilisé
    .lead = Une clé d’accès a déjà été créée avec ce lien. Si c’était vous, tout est prêt : connectez-vous avec elle.
    .note = Si ce n’était pas vous, prévenez { $from } immédiatement.
page-state-wrong-link = Ce lien est incomplet
    .lead = Une partie du lien est manquante ou erronée. Ouvrez-le directement depuis le message, ou copiez-le en entier dans la barre d’adresse.
    .note = S’il ne fonctionne toujours pas, demandez un nouveau lien.
page-state-cancelled = Aucune clé d’accès n’a été créée
    .lead = L’opération a été annulée ou a pris trop de temps. Rien n’est perdu : votre lien reste valable.
page-state-exists = Vous avez déjà une clé d’accès ici
    .lead = Vous avez déjà une clé d’accès pour { $from } sur cet appareil, et vous pouvez vous connecter avec elle.
    .note = Vous pouvez aussi en ajouter une sur un téléphone, une clé de sécurité ou un autre appareil.
page-state-offline = Pas de connexion
    .lead = Impossible de joindre le serveur. Vérifiez votre connexion, puis réessayez. Rien n’est perdu.
page-state-busy = Veuillez réessayer dans un instant
    .lead = Le serveur est occupé pour le moment. Rien n’est perdu : votre lien reste valable.
page-state-refused = La clé d’accès n’a pas été acceptée
    .lead = Votre appareil a créé une clé d’accès, mais le serveur n’a pas pu l’accepter. Vous pouvez réessayer, peut-être avec un autre appareil ou un autre navigateur.
    .note = Si cela se reproduit, envoyez les lignes ci-dessous à l’assistance.

## The hosted page: the same states with a cause of their own

page-other-opener = Ouvrez à nouveau le lien de votre e-mail
    .lead = Cette page n’a plus votre lien. Elle ne garde un lien que dans un seul onglet, jusqu’à ce qu’il soit utilisé.
page-other-nowhere = Il n’y a rien ici
    .lead = Si vous avez suivi le lien d’un message, une partie du lien est manquante ou a été modifiée. Ouvrez-le directement depuis le message, ou copiez-le en entier dans la barre d’adresse.
page-other-errand = Un instant, s’il vous plaît
    .lead = Gardez cette page ouverte.
page-other-errandFailed = Une erreur s’est produite
    .lead = Cela n’a pas fonctionné. Réessayez dans un instant.
page-other-trouble = Une erreur s’est produite
    .lead = La clé d’accès n’a pas pu être créée. Vous pouvez réessayer, peut-être avec un autre appareil ou un autre navigateur. Votre lien reste valable.
page-other-tooMany =
    .lead = Il y a eu trop de tentatives avec ce lien. Patientez un peu, puis réessayez. Votre lien reste valable.
page-other-mailedNow =
    .lead = Un nouveau lien vient d’être envoyé. Consultez vos e-mails avant d’en redemander un.
page-other-noMoreMails = Plus d’envoi possible
    .lead = Le nouveau lien ne peut plus être renvoyé. Demandez à { $from } de vous en envoyer un autre.
page-other-declinedBefore =
    .lead = Il a été annulé au moyen du lien figurant dans l’e-mail et ne peut plus être utilisé. Si vous avez finalement besoin d’une clé d’accès, demandez un nouveau lien à { $from }.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = Vous ne vous y attendiez pas ?
    .lead = Quelqu’un a demandé à { $from } de vous inviter à créer une clé d’accès. Si vous n’en voulez pas, annulez le lien : personne ne pourra plus l’utiliser.
page-errand-declined = Le lien est annulé
    .lead = Il ne fonctionne plus, et { $from } peut voir que vous ne vous y attendiez pas.
    .note = Vous pouvez fermer cette page.
page-errand-disown = Avez-vous créé cette clé d’accès ?
    .lead = Cette clé d’accès a été ajoutée à votre compte chez { $from }. Si ce n’était pas vous, supprimez-la.
    .note = Si c’était vous, fermez cette page : rien ne se passe.
page-errand-disowned = La clé d’accès est supprimée
    .lead = Elle n’est plus valable chez { $from }.
    .note = Si vous ne l’avez pas créée, prévenez { $from } pour que votre compte soit vérifié.
page-errand-removed = Cette clé d’accès est déjà supprimée
    .lead = Elle n’est plus valable chez { $from }. Vous n’avez plus rien à faire ici.
    .note = Si vous ne l’avez pas créée, prévenez { $from } pour que votre compte soit vérifié.
page-errand-over = Il est trop tard pour la supprimer ici
    .lead = Ce lien permettait de supprimer la clé d’accès jusqu’au { $until }. Elle est toujours valable. Si vous ne l’avez pas créée, demandez à { $from } de la supprimer.
page-errand-removedByThem =
    .lead = { $from } l’a supprimée le { $removed }. Vous n’avez plus rien à faire ici.
page-errand-removedByMail =
    .lead = Elle a été supprimée avec ce lien le { $removed }, et n’est plus valable chez { $from }.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } n’accepte pas les clés d’accès de ce type. Demandez à { $from } ce que vous pouvez utiliser.
page-remedy-user_not_verified = Votre appareil n’a pas vérifié qu’il s’agit bien de vous. Configurez-y un code PIN, une empreinte digitale ou la reconnaissance faciale, ou utilisez un autre appareil. Réessayez ensuite.
page-remedy-resident_key_missing = La clé d’accès n’a pas pu être enregistrée sur votre clé de sécurité. Libérez de la place en supprimant les clés d’accès dont vous n’avez plus besoin, ou utilisez un autre appareil.
page-remedy-algorithm_not_allowed = { $from } n’accepte pas le type de clé que cet appareil crée. Utilisez un autre appareil ou une autre clé de sécurité.
page-remedy-backup_eligibility_not_allowed = La clé d’accès a été enregistrée à un emplacement que { $from } n’accepte pas. Réessayez en choisissant un autre emplacement : votre appareil ou une clé de sécurité au lieu d’un gestionnaire de mots de passe, ou l’inverse.
page-remedy-model = { $from } n’accepte pas les clés d’accès de cette marque ou de ce modèle. Utilisez un autre appareil, une autre clé de sécurité ou un autre gestionnaire de mots de passe ; { $from } peut vous dire lesquels.
page-remedy-attestation_downgraded = Votre navigateur n’a pas identifié votre appareil. Réessayez, et donnez votre accord lorsque le navigateur demande la marque et le modèle. Désactivez d’abord les extensions de gestionnaire de mots de passe.
page-remedy-authenticator_status_refused = Ce modèle d’appareil ou de clé de sécurité présente des failles connues : { $from } ne l’accepte donc pas. Utilisez-en un autre.
page-remedy-unproven = Votre appareil n’a pas pu prouver ce qu’il est. Essayez avec un autre appareil ou une clé de sécurité.
page-remedy-credential_exists = Cette clé d’accès est déjà enregistrée. Essayez de vous connecter avec elle, ou utilisez un autre appareil.
