package io.portcurfew.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Secret;
import java.net.URI;
import org.junit.jupiter.api.Test;

class RedactionTest {

  @Test
  void secretsInAnAnswer_areHidden() {
    Redaction hidden =
        Redaction.of(URI.create("https://h/services/T0K3N123/x?key=K3Y45678&v=1"))
            .and(Redaction.of(Secret.of("hush".getBytes(UTF_8))));
    assertThat(hidden.of("no T0K3N123, no /services/T0K3N123/x?key=K3Y45678, nor hush; v=1"))
        .isEqualTo("no ***, no /***/***/x?key=***, nor ***; v=1");
  }

  @Test
  void answerIsOneVisibleLineOfBoundedLength() {
    Redaction none = Redaction.of();
    assertThat(none.of("bad\r\nrequest\u001b[2J ")).isEqualTo("bad request [2J");
    assertThat(none.of("x".repeat(10_000))).hasSize(200).endsWith("...(cut)");
  }
}
