package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class RulesetTurnsTest {

  private static final String IPV4 = "ip_tables_names";
  private static final String IPV6 = "ip6_tables_names";

  @TempDir private Path root;

  private final KeptTables tables = new KeptTables();

  @BeforeEach
  void loadModule() throws IOException {
    Files.createDirectories(root.resolve("proc/net"));
    Files.createFile(root.resolve("proc/net/" + IPV4));
  }

  private boolean isVisited() {
    RulesetTurns turns = new RulesetTurns(new ProcFs(root));
    return !turns.next(Map.of(7L, tables.namespace), Map.of()).isEmpty();
  }

  @Test
  void namespaceWithoutLegacyTables_isKnownByItsOpenFiles() {
    tables.texts.put(IPV4, "");
    tables.texts.put(IPV6, "filter\n");
    assertThat(isVisited()).isFalse();
    assertThat(tables.read).containsExactly(IPV4, IPV6);
  }

  @Test
  void namespaceWithLegacyTables_isVisited() {
    tables.texts.put(IPV4, "");
    tables.texts.put(IPV6, "filter\nnat\n");
    assertThat(isVisited()).isTrue();
  }

  @Test
  void namespaceWithAFileThatIsNotOpen_isVisited() {
    tables.texts.put(IPV4, "");
    assertThat(isVisited()).isTrue();
  }

  @Test
  void kernelWithoutLegacyTables_asksNoNamespace() throws IOException {
    Files.delete(root.resolve("proc/net/" + IPV4));
    assertThat(isVisited()).isFalse();
  }

  @Test
  void namespacesThatAreOwedAreAskedOnce() throws IOException {
    Files.delete(root.resolve("proc/net/" + IPV4));
    RulesetTurns turns = new RulesetTurns(new ProcFs(root));
    assertThat(turns.next(Map.of(7L, tables.namespace), Map.of())).isEmpty();
    turns.owe(64);
    assertThat(turns.next(Map.of(7L, tables.namespace), Map.of()))
        .as("its number is not known")
        .containsExactly(tables.namespace);
    assertThat(turns.next(Map.of(7L, tables.namespace), Map.of())).isEmpty();
  }
}
