# The texts of the mails. English is authoritative: every other language has the same messages, attributes and
# variables. README.md in the folder above says what is used of Fluent (https://projectfluent.org).
#
# $realm: who writes, a company. $name: who the mail is for. $time: a point in time, as `mail-date` writes it. $start, $end: around
# the words that are a link.

mail-hello = Hello { $name },
mail-copy = If the button does not work, copy this link into your browser:
mail-until = Valid until: { $time }
mail-support = Contact { $realm } support
# A point in time. $clock is hours and minutes, as 17:05.
mail-date = { $day } { $month } { $year }, { $clock } UTC
mail-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
# Of mails that an operator sends to himself. $subject is the subject of the mail that is tested.
mail-test = Test: { $subject }
    .note = This is a test mail. Its links do not work.

mail-invitation = Create your passkey for { $realm }
    .renewed-subject = Your new link: Create your passkey for { $realm }
    .reminder-subject = Reminder: Create your passkey for { $realm }
    .preheader = { $realm } invites you. It takes one tap: fingerprint, face or screen lock.
    .renewed = A new link was requested, because the earlier one had expired. It is in this mail and takes the place of the earlier one.
    .reminder = We sent you this link before, and you have not used it yet.
    .days-left = { $days ->
        [one] It works for { $days } more day.
       *[other] It works for { $days } more days.
    }
    .intro = { $realm } invites you to create a passkey. From then on you sign in with your fingerprint, your face or your screen lock. There is no password to remember.
    .how = It takes one tap. Open the link on the device that you want to sign in with.
    .button = Create passkey
    .once = The link works once and is for you alone. Please do not forward it.
    .unexpected = Not expecting this mail?
    .safe = Without you nothing happens, and the link expires on its own. The page behind the link never asks for a password.
    .decline = To be on the safe side, you can { $start }withdraw the link{ $end }.
    .decline-text = To be on the safe side, you can withdraw the link here:
    .question = Something looks wrong, or you have a question?

mail-notice = A passkey was added to your account at { $realm }
    .heading = A passkey was added to your account
    .preheader = A passkey was added to your account at { $realm }. If that was you, there is nothing to do.
    .intro = A passkey was added to your account at { $realm }:
    .model = Made with: { $model }
    .unnamed = Not named
    .time = Time: { $time }
    .expected = If that was you, there is nothing to do.
    .unexpected = This was not you?
    .remove = Then remove the passkey now. Whoever made it can no longer sign in with it.
    .button = Remove passkey
    .life = { $hours ->
        [one] The link works for { $hours } hour.
       *[other] The link works for { $hours } hours.
    }
    .question = Questions?
