package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class FamilySocketsTest {

  private static final TurnClock.LookTurn SOON = new TurnClock.LookTurn(true, true, true);
  private static final TurnClock.LookTurn DISTANT = new TurnClock.LookTurn(false, true, true);

  @TempDir private Path root;

  private final KeptTables tables = new KeptTables();
  private FamilySockets families;

  @BeforeEach
  void lookFirst() {
    tables.texts.put("protocols", "protocol size sockets\nPACKET 1600 0\n");
    tables.texts.put("dev", "lo: 0\n");
    families = new FamilySockets(new ProcFs(root), namespace -> 1);
    tables.sockets = 2;
    families.look(List.of(tables.namespace), true, TurnClock.LookTurn.NONE, List.of());
    assertThat(tables.read).as("it is new").contains("protocols", "dev");
  }

  @AfterEach
  void close() {
    families.close();
  }

  private List<String> tablesReadIn(TurnClock.LookTurn turn) {
    tables.read.clear();
    families.look(List.of(tables.namespace), false, turn, List.of());
    return tables.read;
  }

  @Test
  void namespaceWithoutSocketsOfOthers_hasItsDevicesReadAlone() {
    assertThat(tablesReadIn(SOON)).isNotEmpty().containsOnly("dev");
  }

  @Test
  void namespaceWithASocketOfOthers_hasItsCountsRead() {
    tables.sockets = 3;
    assertThat(tablesReadIn(SOON)).contains("protocols", "dev");
  }

  @Test
  void namespaceWithoutATurn_isNotRead() {
    assertThat(tablesReadIn(TurnClock.LookTurn.NONE)).isEmpty();
  }

  @Test
  void namespaceThatDoesNotRest_isReadWithoutATurn() {
    tables.read.clear();
    List<NetworkNamespace> all = List.of(tables.namespace);
    families.look(all, false, TurnClock.LookTurn.NONE, all);
    assertThat(tables.read).contains("dev");
  }

  @Test
  void rareLook_readsTheCountsOfEach() {
    assertThat(tablesReadIn(DISTANT)).contains("protocols", "dev");
  }
}
