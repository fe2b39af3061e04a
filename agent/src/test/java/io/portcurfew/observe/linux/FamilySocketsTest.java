package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class FamilySocketsTest {

  private static final Duration SOON = Duration.ofSeconds(1);

  @TempDir private Path root;

  private final KeptTables tables = new KeptTables();
  private FamilySockets families;

  @BeforeEach
  void lookFirst() {
    tables.texts.put("protocols", "protocol size sockets\nPACKET 1600 0\n");
    tables.texts.put("dev", "lo: 0\n");
    families = new FamilySockets(new ProcFs(root), namespace -> 1);
    tables.sockets = 2;
    assertThat(tablesReadSince(SOON)).as("it is new").contains("protocols", "dev");
  }

  @AfterEach
  void close() {
    families.close();
  }

  private List<String> tablesReadSince(Duration sinceLast) {
    tables.read.clear();
    families.look(List.of(tables.namespace), false, sinceLast);
    return tables.read;
  }

  @Test
  void namespaceWithoutSocketsOfOthers_hasItsDevicesReadAlone() {
    assertThat(tablesReadSince(SOON)).isNotEmpty().containsOnly("dev");
  }

  @Test
  void namespaceWithASocketOfOthers_hasItsCountsRead() {
    tables.sockets = 3;
    assertThat(tablesReadSince(SOON)).contains("protocols", "dev");
  }

  @Test
  void rareLook_readsTheCountsOfEach() {
    assertThat(tablesReadSince(ReadingTurns.SOON)).contains("protocols", "dev");
  }
}
