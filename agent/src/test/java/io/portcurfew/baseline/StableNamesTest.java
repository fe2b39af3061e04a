package io.portcurfew.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StableNamesTest {

  private static final String ID = "4c01db0b339c".repeat(5) + "4c01";

  private static @Nullable HostText text(@Nullable String text) {
    return text == null ? null : HostText.of(text);
  }

  @ParameterizedTest
  @CsvSource({
    "host, host",
    "vpn, vpn",
    "app.service, app.service",
    "net:[4026532324], others",
    "app.service net:[4026532324], others",
    "cni-9a1b2c3d-0e1f-2a3b-4c5d-6e7f8a9b0c1d, others",
    "4c01db0b339c, others",
    "container/web-1, containers",
    "pod/shop/web-0, containers",
  })
  void numbersAndIdsAreNeverTheNamespaceOfARule(String namespace, String learned) {
    assertThat(StableNames.namespace(namespace)).isEqualTo(learned);
  }

  @ParameterizedTest
  @CsvSource({
    "shop-web-1, shop, web, , 'project shop, service web'",
    "web-1, , , , name web-1",
    "nginx, , , web-0, 'name nginx, pod web-0, namespace default'",
    "nginx, , , web-7d4b9c6f58-x2x4z, 'name nginx, pod web-*, namespace default'",
    "nginx, , , web-x2x4z, 'name nginx, pod web-*, namespace default'",
    "nginx, , , web-server, 'name nginx, pod web-server, namespace default'",
    "4c01db0b339c-infra, , , , ",
  })
  void containerIsLearnedByNamesThatLast(
      String name, String project, String service, String pod, String learned) {
    Container container =
        new Container(
            HostText.of(ID),
            text(name),
            text("nginx:1.27"),
            text(project),
            text(service),
            text(pod),
            pod == null ? null : HostText.of("default"));
    String term = String.valueOf(StableNames.container(container));
    assertThat(term).isEqualTo(String.valueOf(learned));
  }

  @Test
  void idAloneIsNotLearned() {
    assertThat(StableNames.container(Container.of(HostText.of(ID)))).isNull();
  }
}
