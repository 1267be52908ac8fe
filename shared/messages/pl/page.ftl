## The hosted page: what the server fills in

page-fixed-title = Utwórz klucz dostępu
page-fixed-scripts = Obsługa JavaScriptu jest wyłączona
page-fixed-scripts_lead = Ta strona potrzebuje JavaScriptu, aby utworzyć klucz dostępu. Włącz go tutaj lub otwórz otrzymany link w innej przeglądarce.
page-fixed-late = Jeśli nic się tu nie dzieje, ta przeglądarka jest prawdopodobnie zbyt stara. Otwórz otrzymany link w aktualnej.

## The hosted page: buttons and short texts

page-text-from = Od
page-text-for = Dla
page-text-passkey = Klucz dostępu
page-text-created = Utworzono
page-text-until = Ważny do
page-text-elsewhere = Kontynuuj na innym urządzeniu lub w innej przeglądarce
page-text-someone = nadawca linku
page-text-create = Utwórz klucz dostępu
page-text-here = Mimo to utwórz go tutaj
page-text-decline = Wycofaj link
page-text-disown = Usuń klucz dostępu
page-text-renew = Wyślij mi nowy link
page-text-again = Wyślij ponownie
page-text-retry = Spróbuj ponownie
page-text-otherDevice = Użyj innego urządzenia
page-text-proceed = Dalej
page-text-support = Skontaktuj się z pomocą
page-text-copy = Kopiuj link
page-text-copied = Link został skopiowany. Wklej go w pasku adresu innej przeglądarki.
page-text-byHand = Skopiuj ten link i wklej go w pasku adresu innej przeglądarki.
page-text-share = Udostępnij link
page-text-qr = Pokaż kod QR
page-text-scan = Zeskanuj ten kod aparatem innego urządzenia. Zawiera on Twój link, więc nie pokazuj go nikomu innemu.
page-text-noQr = Nie udało się wczytać kodu QR. Zamiast tego skopiuj link.
page-text-preparing = Przygotowywanie…
page-text-device = Postępuj zgodnie z instrukcjami urządzenia.
page-text-saving = Zapisywanie klucza dostępu…
page-text-leaving = Przechodzimy do { $host }…
page-text-stay = Możesz zamknąć tę stronę.
page-text-wait = Czas do następnej próby: { $time }.
page-text-reason = Przyczyna:
page-text-request = Żądanie:
page-text-unnamed = Nieznany producent

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Sprawdzanie linku
    .lead = Chwileczkę…
page-state-ready = Utwórz klucz dostępu
    .lead = { $from } zaprasza Cię do utworzenia klucza dostępu. Urządzenie poprosi o odcisk palca, skan twarzy lub blokadę ekranu. Nie musisz niczego zapamiętywać.
    .note = Nie spodziewasz się tego? Możesz zamknąć tę stronę: nic się nie stanie, a link sam wygaśnie.
page-state-in-app = Otwórz ten link w przeglądarce
    .lead = To wbudowana przeglądarka innej aplikacji, w której często nie można tworzyć kluczy dostępu. Skopiuj link i otwórz go w przeglądarce, której zwykle używasz.
    .note = Twój link nadal działa.
page-state-unsupported = Kontynuuj w innej przeglądarce
    .lead = Ta przeglądarka lub to urządzenie nie może utworzyć tego klucza dostępu. Otwórz link na telefonie lub w innej przeglądarce.
    .note = Twój link nadal działa.
page-state-renewable = Ten link wygasł
    .lead = Linki działają tylko przez ograniczony czas. Nowy link można wysłać na Twój adres, który zna { $from }.
page-state-renewing = Masz już nowszy link
    .lead = Ten link wygasł. Nowy wysłano na Twój adres, który zna { $from } ({ $mailed }). Otwórz ten nowy.
    .note = Nie możesz go znaleźć? Sprawdź folder ze spamem lub poproś o ponowne wysłanie.
page-state-renewed = Nowy link jest w drodze
    .lead = Sprawdź pocztę i otwórz nowy link na urządzeniu, na którym chcesz się logować.
    .note = Możesz zamknąć tę stronę.
page-state-working = Tworzenie klucza dostępu
    .lead = Nie zamykaj tej strony, dopóki klucz dostępu nie będzie gotowy.
page-state-done = Klucz dostępu jest gotowy
    .lead = Od teraz logujesz się do { $from } odciskiem palca, skanem twarzy lub blokadą ekranu.
page-state-expired = Ten link wygasł
    .lead = Linki działają tylko przez ograniczony czas. Poproś { $from } o przesłanie nowego.
page-state-revoked = Ten link został wycofany
    .lead = Nie można go już użyć. Jeśli nadal potrzebujesz klucza dostępu, poproś { $from } o nowy link. Być może nowszy jest już w Twojej poczcie.
page-state-suspended = Twoje konto jest zawieszone
    .lead = Poproś { $from } o jego aktywację. Twój link będzie wtedy nadal działać.
page-state-failed-to-send = Ten link jest nieważny
    .lead = Nie udało się dostarczyć e-maila z tym linkiem, więc link został anulowany. Poproś { $from } o sprawdzenie Twojego adresu e-mail i przesłanie nowego linku.
page-state-used = Ten link został już użyty
    .lead = Za pomocą tego linku utworzono już klucz dostępu. Jeśli to Ty, wszystko gotowe: zaloguj się za jego pomocą.
    .note = Jeśli to nie Ty, od razu powiadom { $from }.
page-state-wrong-link = Ten link jest niekompletny
    .lead = Części linku brakuje lub jest ona błędna. Otwórz go bezpośrednio z wiadomości lub skopiuj cały do paska adresu.
    .note = Jeśli nadal nie działa, poproś o nowy link.
page-state-cancelled = Nie utworzono klucza dostępu
    .lead = Operację anulowano lub trwała zbyt długo. Nic nie przepadło: Twój link nadal działa.
page-state-exists = Masz tu już klucz dostępu
    .lead = Masz już na tym urządzeniu klucz dostępu do { $from } i możesz się za jego pomocą zalogować.
    .note = Możesz też dodać klucz na telefonie, kluczu bezpieczeństwa lub innym urządzeniu.
page-state-offline = Brak połączenia
    .lead = Nie udało się połączyć z serwerem. Sprawdź połączenie i spróbuj ponownie. Nic nie przepadło.
page-state-busy = Spróbuj ponownie za chwilę
    .lead = Serwer jest teraz zajęty. Nic nie przepadło: Twój link nadal działa.
page-state-refused = Klucz dostępu nie został przyjęty
    .lead = Urządzenie utworzyło klucz dostępu, ale serwer nie mógł go przyjąć. Możesz spróbować ponownie, na przykład na innym urządzeniu lub w innej przeglądarce.
    .note = Jeśli to się powtórzy, wyślij pomocy poniższe wiersze.

## The hosted page: the same states with a cause of their own

page-other-opener = Otwórz ponownie link z e-maila
    .lead = Ta strona nie ma już Twojego linku. Przechowuje link tylko w jednej karcie i tylko do czasu jego użycia.
page-other-nowhere = Tu nic nie ma
    .lead = Jeśli otwierasz link z wiadomości, jego części brakuje lub została zmieniona. Otwórz go bezpośrednio z wiadomości lub skopiuj cały do paska adresu.
page-other-errand = Chwileczkę…
    .lead = Nie zamykaj tej strony.
page-other-errandFailed = Coś poszło nie tak
    .lead = Nie udało się. Spróbuj ponownie za chwilę.
page-other-trouble = Coś poszło nie tak
    .lead = Nie udało się utworzyć klucza dostępu. Możesz spróbować ponownie, na przykład na innym urządzeniu lub w innej przeglądarce. Twój link nadal działa.
page-other-tooMany =
    .lead = Było zbyt wiele prób z tym linkiem. Odczekaj chwilę i spróbuj ponownie. Twój link nadal działa.
page-other-mailedNow =
    .lead = Nowy link wysłano przed chwilą. Sprawdź pocztę, zanim poprosisz o niego ponownie.
page-other-noMoreMails = Nie można wysłać kolejnych e-maili
    .lead = Nowego linku nie można wysłać ponownie. Poproś { $from } o przesłanie innego.
page-other-declinedBefore =
    .lead = Został wycofany za pomocą linku z e-maila i nie można go już użyć. Jeśli jednak potrzebujesz klucza dostępu, poproś { $from } o nowy link.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = Nie spodziewasz się tego?
    .lead = Ktoś poprosił { $from } o zaproszenie Cię do utworzenia klucza dostępu. Jeśli go nie chcesz, wycofaj link: wtedy nikt nie będzie mógł go użyć.
page-errand-declined = Link został wycofany
    .lead = Link już nie działa, a { $from } widzi, że był nieoczekiwany.
    .note = Możesz zamknąć tę stronę.
page-errand-disown = Czy to Twój klucz dostępu?
    .lead = Ten klucz dostępu został dodany do Twojego konta w { $from }. Jeśli to nie Ty, usuń go.
    .note = Jeśli to Ty, zamknij tę stronę: nic się nie stanie.
page-errand-disowned = Klucz dostępu został usunięty
    .lead = Nie jest już ważny w { $from }.
    .note = Jeśli nie pochodzi od Ciebie, powiadom { $from }, aby sprawdzono Twoje konto.
page-errand-removed = Ten klucz dostępu został już usunięty
    .lead = Nie jest już ważny w { $from }. Nic więcej nie trzeba tu robić.
    .note = Jeśli nie pochodzi od Ciebie, powiadom { $from }, aby sprawdzono Twoje konto.
page-errand-over = Jest za późno, aby usunąć go tutaj
    .lead = Za pomocą tego linku można było usunąć klucz dostępu do: { $until }. Klucz dostępu jest nadal ważny. Jeśli nie pochodzi od Ciebie, poproś { $from } o jego usunięcie.
page-errand-removedByThem =
    .lead = Usunięto go { $removed } (usuwający: { $from }). Nic więcej nie trzeba tu robić.
page-errand-removedByMail =
    .lead = Został usunięty za pomocą tego linku ({ $removed }) i nie jest już ważny w { $from }.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } nie przyjmuje kluczy dostępu tego rodzaju. Zapytaj { $from }, czego możesz użyć.
page-remedy-user_not_verified = Urządzenie nie sprawdziło, czy to Ty. Ustaw na nim kod PIN, odcisk palca lub rozpoznawanie twarzy albo użyj innego urządzenia. Następnie spróbuj ponownie.
page-remedy-resident_key_missing = Nie udało się zapisać klucza dostępu na kluczu bezpieczeństwa. Zwolnij na nim miejsce, usuwając niepotrzebne klucze dostępu, lub użyj innego urządzenia.
page-remedy-algorithm_not_allowed = { $from } nie przyjmuje rodzaju klucza, który tworzy to urządzenie. Użyj innego urządzenia lub klucza bezpieczeństwa.
page-remedy-backup_eligibility_not_allowed = Klucz dostępu zapisano w miejscu, którego { $from } nie akceptuje. Spróbuj ponownie i wybierz inne: urządzenie lub klucz bezpieczeństwa zamiast menedżera haseł albo odwrotnie.
page-remedy-model = { $from } nie przyjmuje kluczy dostępu tej marki lub tego modelu. Użyj innego urządzenia, klucza bezpieczeństwa lub menedżera haseł; { $from } może Ci powiedzieć, których.
page-remedy-attestation_downgraded = Przeglądarka nie zidentyfikowała urządzenia. Spróbuj ponownie i wyraź zgodę, gdy przeglądarka zapyta o markę i model. Najpierw wyłącz rozszerzenia menedżerów haseł.
page-remedy-authenticator_status_refused = Ten model urządzenia lub klucza bezpieczeństwa ma znane luki, dlatego { $from } go nie akceptuje. Użyj innego.
page-remedy-unproven = Urządzenie nie mogło udowodnić, czym jest. Spróbuj użyć innego urządzenia lub klucza bezpieczeństwa.
page-remedy-credential_exists = Ten klucz dostępu jest już zarejestrowany. Spróbuj się za jego pomocą zalogować lub użyj innego urządzenia.
