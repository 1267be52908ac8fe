mail-hello = Dzień dobry, { $name }!
mail-copy = Jeśli przycisk nie działa, skopiuj ten link do przeglądarki:
mail-until = Ważny do: { $time }
mail-support = Skontaktuj się z pomocą { $realm }
mail-date = { $day } { $month } { $year }, { $clock } UTC
mail-month = { $month ->
    [1] stycznia
    [2] lutego
    [3] marca
    [4] kwietnia
    [5] maja
    [6] czerwca
    [7] lipca
    [8] sierpnia
    [9] września
    [10] października
    [11] listopada
   *[12] grudnia
}
mail-test = Wiadomość testowa: { $subject }
    .note = To jest wiadomość testowa. Zawarte w niej linki nie działają.

mail-invitation = Utwórz klucz dostępu do { $realm }
    .renewed-subject = Twój nowy link: utwórz klucz dostępu do { $realm }
    .reminder-subject = Przypomnienie: utwórz klucz dostępu do { $realm }
    .preheader = { $realm } zaprasza Cię. Wystarczy jedno dotknięcie: odcisk palca, skan twarzy lub blokada ekranu.
    .renewed = Poproszono o nowy link, ponieważ poprzedni wygasł. Nowy link znajduje się w tej wiadomości i zastępuje poprzedni.
    .reminder = Ten link już do Ciebie wysłaliśmy, ale nie został jeszcze użyty.
    .days-left = { $days ->
        [one] Będzie działać jeszcze { $days } dzień.
        [few] Będzie działać jeszcze { $days } dni.
        [many] Będzie działać jeszcze { $days } dni.
       *[other] Będzie działać jeszcze { $days } dnia.
    }
    .intro = { $realm } zaprasza Cię do utworzenia klucza dostępu. Potem logujesz się odciskiem palca, skanem twarzy lub blokadą ekranu. Nie musisz pamiętać żadnego hasła.
    .how = Wystarczy jedno dotknięcie. Otwórz link na urządzeniu, na którym chcesz się logować.
    .button = Utwórz klucz dostępu
    .once = Link działa tylko raz i jest przeznaczony wyłącznie dla Ciebie. Nie przekazuj go dalej.
    .unexpected = Nie spodziewasz się tej wiadomości?
    .safe = Bez Twojego udziału nic się nie stanie, a link sam wygaśnie. Strona, do której prowadzi link, nigdy nie pyta o hasło.
    .decline = Dla pewności możesz { $start }wycofać link{ $end }.
    .decline-text = Dla pewności możesz wycofać link tutaj:
    .question = Coś wygląda podejrzanie lub masz pytanie?

mail-notice = Do Twojego konta w { $realm } dodano klucz dostępu
    .heading = Do Twojego konta dodano klucz dostępu
    .preheader = Do Twojego konta w { $realm } dodano klucz dostępu. Jeśli to Ty, nie musisz nic robić.
    .intro = Do Twojego konta w { $realm } dodano klucz dostępu:
    .model = Utworzono za pomocą: { $model }
    .unnamed = Nie podano
    .time = Data: { $time }
    .expected = Jeśli to Ty, nie musisz nic robić.
    .unexpected = To nie Ty?
    .remove = W takim razie usuń teraz klucz dostępu. Osoba, która go utworzyła, nie będzie już mogła się za jego pomocą zalogować.
    .button = Usuń klucz dostępu
    .life = { $hours ->
        [one] Link działa przez { $hours } godzinę.
        [few] Link działa przez { $hours } godziny.
        [many] Link działa przez { $hours } godzin.
       *[other] Link działa przez { $hours } godziny.
    }
    .question = Masz pytania?
