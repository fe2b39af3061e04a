package io.portcurfew.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTextTest {

  @ParameterizedTest
  @CsvSource({
    "closed,closed",
    "https://hooks.example.org,https://hooks.example.org",
    "https://hooks.example.org/T0K3N,https://hooks.example.org/...",
    "https://hooks.example.org?key=K3Y,https://hooks.example.org/...",
    "https://user:pa55@hooks.example.org/T0K3N,https://hooks.example.org/...",
    "https://us@er:pa55@hooks.example.org/T0K3N,https://hooks.example.org/...",
    "https://pa55@,https://",
    "url:https://hooks.example.org/T0K3N,url:https://...",
    "see https://hooks.example.org/T0K3N,see https://..."
  })
  void onlySchemeAndHostOfAUrlAreShown(String text, String shown) {
    assertThat(VisibleText.text(text)).isEqualTo(shown);
  }
}
