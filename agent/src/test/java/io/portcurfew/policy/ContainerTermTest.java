package io.portcurfew.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerTermTest {

  private static final Container WEB =
      new Container(
          HostText.of("4c01db0b339c".repeat(5) + "4c01"),
          HostText.of("shop-web-1"),
          HostText.of("ghcr.io/acme/web:2"),
          HostText.of("shop"),
          HostText.of("web"),
          null,
          null);

  private static @Nullable PathPattern pattern(@Nullable String text) {
    return text == null ? null : new PathPattern(text);
  }

  private static ContainerTerm term(
      @Nullable String name, @Nullable String image, @Nullable String pod) {
    return new ContainerTerm(null, pattern(name), pattern(image), null, null, pattern(pod), null);
  }

  @ParameterizedTest
  @CsvSource({
    "shop-web-1, , , YES",
    "shop-*, , , YES",
    "web-*, , , NO",
    ", ghcr.io/**, , YES",
    ", ghcr.io/*, , NO",
    ", ghcr.io/acme/web:*, , YES",
    "shop-*, quay.io/**, , NO",
    ", , web-*, NO",
  })
  void patternsMatchNames(String name, String image, String pod, Trilean answer) {
    assertThat(term(name, image, pod).accepts(WEB)).isEqualTo(answer);
  }

  @Test
  void containerWithoutNamesMayBeAny() {
    Container nameless = Container.of(WEB.id());
    assertThat(term("shop-*", null, null).accepts(nameless)).isEqualTo(Trilean.UNKNOWN);
    assertThat(ContainerTerm.ofId("4c01db0b339c").accepts(nameless)).isEqualTo(Trilean.YES);
    assertThat(ContainerTerm.exactly(WEB).accepts(WEB)).isEqualTo(Trilean.YES);
  }

  @Test
  void processOfAUnitIsKnownToBeInNoContainer() {
    OwnerTerm term = new OwnerTerm(null, null, null, term("*", null, null), null, null);
    assertThat(term.accepts(inUnit("ssh.service"))).isEqualTo(Trilean.NO);
    assertThat(term.accepts(inUnit(null))).isEqualTo(Trilean.UNKNOWN);
  }

  private static Owner inUnit(@Nullable String unit) {
    HostText text = unit == null ? null : HostText.of(unit);
    return Owner.of(7).with(OwnerDetails.builder().unit(text).build());
  }
}
