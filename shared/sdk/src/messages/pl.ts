// Generated from shared/messages/pl/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "Ten link wygasł. Poproś o nowy.",
  "revoked": "Ten link został wycofany. Jeśli nadal potrzebujesz klucza dostępu, poproś o nowy link.",
  "failed_to_send": "Nie udało się dostarczyć e-maila z tym linkiem, więc link został anulowany. Poproś o nowy.",
  "suspended": "Twoje konto jest zawieszone. Gdy znów będzie aktywne, Twój link nadal będzie działać.",
  "already_bound": "Za pomocą tego linku utworzono już klucz dostępu. Jeśli to Ty, zaloguj się za jego pomocą.",
  "already_registered": "Masz już klucz dostępu na tym urządzeniu. Zaloguj się za jego pomocą.",
  "cancelled": "Nie utworzono klucza dostępu: operację anulowano lub trwała zbyt długo. Twój link nadal działa.",
  "timed_out": "Trwało to zbyt długo. Otwórz ponownie otrzymany link.",
  "aborted": "Nie utworzono klucza dostępu.",
  "not_supported": "Ta przeglądarka lub to urządzenie nie może utworzyć tego klucza dostępu. Otwórz link na innym urządzeniu lub w innej przeglądarce.",
  "not_trusted_origin": "Ta strona nie może utworzyć Twojego klucza dostępu. Skontaktuj się z pomocą.",
  "wrong_link": "Ten link jest niekompletny. Otwórz go bezpośrednio z wiadomości lub skopiuj cały do paska adresu.",
  "network": "Nie udało się połączyć z serwerem. Sprawdź połączenie i spróbuj ponownie.",
  "busy": "Serwer jest teraz zajęty. Spróbuj ponownie za chwilę.",
  "policy": "Urządzenie utworzyło klucz dostępu, ale nie został on przyjęty. Spróbuj ponownie, na przykład na innym urządzeniu lub w innej przeglądarce.",
  "failed": "Coś poszło nie tak i nie utworzono klucza dostępu. Spróbuj ponownie."
};
