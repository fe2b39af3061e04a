package io.portcurfew.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.explain.Catalogue.PortEntry;
import io.portcurfew.explain.Catalogue.Status;
import io.portcurfew.observe.Protocol;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  private static final String HEADER = "port|protocol|name|status|was|why|checked|source";
  private static final String TELNET =
      "23|tcp|telnet|legacy-insecure|A terminal.|In clear.|yes|RFC";

  private final Catalogue shipped = Catalogue.shipped();

  @Test
  void shippedFile_has243EntriesOf221Ports() {
    assertThat(shipped.entries()).hasSize(243);
    assertThat(shipped.entries().stream().map(PortEntry::port).distinct()).hasSize(221);
  }

  @Test
  void entriesOnGeneralKnowledge_sayIt() {
    assertThat(shipped.entries()).extracting(PortEntry::status).contains(Status.values());
    List<PortEntry> unchecked = shipped.entries().stream().filter(e -> !e.checked()).toList();
    assertThat(unchecked).hasSize(117);
    assertThat(unchecked).allMatch(entry -> entry.source().contains("general knowledge"));
    assertThat(shipped.entries().stream().filter(PortEntry::checked))
        .noneMatch(entry -> entry.source().contains("general knowledge"));
  }

  @Test
  void everyEntry_namesASource() {
    assertThat(shipped.entries())
        .allSatisfy(
            entry ->
                assertThat(entry.source().replaceFirst("(; )?general knowledge.*", ""))
                    .as("the source of %s", entry.port())
                    .isNotBlank());
  }

  @Test
  void everyEntryHasTwoDifferentSentences() {
    assertThat(shipped.entries())
        .allSatisfy(
            entry -> {
              assertThat(entry.was()).hasSizeBetween(12, 120).endsWith(".").doesNotContain("..");
              assertThat(entry.why()).hasSizeBetween(12, 120).endsWith(".").doesNotContain("..");
              assertThat(entry.why()).isNotEqualTo(entry.was());
            });
  }

  @ParameterizedTest
  @CsvSource({"609, npmp-trap", "610, npmp-local", "611, npmp-gui"})
  void neighboursOf611AreRegisteredForBothProtocols(int port, String name) {
    assertThat(shipped.about(port))
        .extracting(PortEntry::protocol, PortEntry::name, PortEntry::status)
        .containsExactly(
            tuple(Protocol.TCP, name, Status.OBSOLETE), tuple(Protocol.UDP, name, Status.OBSOLETE));
  }

  @Test
  void port625HasItsRegisteredName() {
    assertThat(shipped.about(625)).extracting(PortEntry::name).containsExactly("dec-dlm");
  }

  @Test
  void noEntryConnectsApplesNetInfoWith611() {
    assertThat(Stream.of(609, 610, 611).flatMap(port -> shipped.about(port).stream()))
        .hasSize(6)
        .allSatisfy(
            entry ->
                assertThat(entry.toString())
                    .doesNotContainIgnoringCase("apple")
                    .doesNotContainIgnoringCase("netinfo")
                    .doesNotContainIgnoringCase("peripheral"));
    assertThat(shipped.entries().toString()).doesNotContain("xsrvr");
  }

  @Test
  void unknownPortHasNoEntries() {
    assertThat(shipped.about(4242)).isEmpty();
    assertThat(shipped.about(6110)).isEmpty();
  }

  @Test
  void commentsAreAllowedOnlyBeforeTheHeader() {
    assertThat(CatalogueReader.read(List.of("# a", HEADER, TELNET))).hasSize(1);
    assertThatThrownBy(() -> CatalogueReader.read(List.of(HEADER, "# a", TELNET)))
        .hasMessageStartingWith("line 2:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "23|tcp|telnet|legacy-insecure|A terminal.|In clear.|yes",
        "23|tcp|telnet|legacy-insecure|A terminal.|In clear.|yes|RFC|more",
        "0|tcp|telnet|legacy-insecure|A terminal.|In clear.|yes|RFC",
        "023|tcp|telnet|legacy-insecure|A terminal.|In clear.|yes|RFC",
        "65536|tcp|telnet|legacy-insecure|A terminal.|In clear.|yes|RFC",
        "23|TCP|telnet|legacy-insecure|A terminal.|In clear.|yes|RFC",
        "23|tcp||legacy-insecure|A terminal.|In clear.|yes|RFC",
        "23|tcp| telnet|legacy-insecure|A terminal.|In clear.|yes|RFC",
        "23|tcp|telnet|old|A terminal.|In clear.|yes|RFC",
        "23|tcp|telnet|legacy-insecure|A terminal|In clear.|yes|RFC",
        "23|tcp|telnet|legacy-insecure|A terminal.|In clear|yes|RFC",
        "23|tcp|telnet|legacy-insecure|A terminal.|In clear.|maybe|RFC",
        "23|tcp|telnet|legacy-insecure|A terminal.|In clear.|yes| ",
        "22|tcp|ssh|risky-exposure|A shell.|Too early in the order.|yes|RFC",
        TELNET,
      })
  void invalidEntryIsRefusedWithItsLine(String entry) {
    assertThatThrownBy(() -> CatalogueReader.read(List.of(HEADER, TELNET, entry)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("line 3: ");
  }

  @Test
  void aSentenceThatIsTooLongIsRefused() {
    String entry = "24|tcp|a|obsolete|" + "A".repeat(120) + ".|Why.|yes|RFC";
    assertThatThrownBy(() -> CatalogueReader.read(List.of(HEADER, entry)))
        .hasMessageContaining("at most 120 characters");
  }

  @Test
  void anotherHeaderIsRefused() {
    assertThatThrownBy(() -> CatalogueReader.read(List.of(TELNET)))
        .hasMessageStartingWith("line 1: the header must be");
  }
}
