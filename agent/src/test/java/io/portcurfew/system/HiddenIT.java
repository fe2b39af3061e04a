package io.portcurfew.system;

import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The work of a rootkit: native tools and text tables that leave a listener out. */
class HiddenIT {

  /** Puts filters in the place of the tools, in a mount namespace that ends with the scan. */
  private static final String LYING_TOOLS =
      """
      for tool in ss lsof netstat; do
        path=$(readlink -f $(command -v $tool))
        cp $path $1/real-$tool
        printf '#!/bin/sh\\n%s "$@" | grep -av :611\\n' $1/real-$tool > $1/$tool
        chmod 755 $1/$tool
        mount --bind $1/$tool $path
      done
      """;

  /** Copies of the tables of this namespace, without port 611, for OSHI to read. */
  private static final String LYING_TABLES =
      """
      mkdir -p $1/proc/net
      for table in tcp tcp6 udp udp6; do grep -v ':0263 ' /proc/net/$table > $1/proc/net/$table; done
      export PORTCURFEW_JAVA_OPTIONS=-Doshi.util.proc.path=$1/proc
      """;

  @TempDir private Path temp;
  private Namespace here;

  @BeforeEach
  void create() throws Exception {
    Requirement.program("python3");
    here = Namespace.create("hide");
  }

  @AfterEach
  void delete() throws Exception {
    if (here != null) {
      here.close();
    }
  }

  private Ended scanWith(String lies) throws Exception {
    Path script =
        Files.writeString(
            temp.resolve("lie.sh"), "set -e\n" + lies + "exec " + Program.PORTCURFEW + " scan\n");
    String open = "s = bound(TCP, V4, '127.0.0.1', 611); s.listen(1)";
    try (Python holder = Python.start(here.prefix(), holding(open))) {
      assertThat(holder.pid()).isPositive();
      return here.run("unshare", "--mount", "sh", script.toString(), temp.toString());
    }
  }

  @Test
  void listenerMissedByTheTools_isHidden() throws Exception {
    Ended ended = scanWith(LYING_TOOLS);
    assertThat(ended.out())
        .contains(
            "CRITICAL hidden [npmp-gui] tcp 127.0.0.1:611 was missing from netstat, ss three times in a row")
        .contains("seen by oshi, sock_diag");
    assertThat(ended.status()).isEqualTo(1);
  }

  @Test
  void listenerMissedByTextTables_isSeenBySockDiag() throws Exception {
    Ended ended = scanWith(LYING_TOOLS + LYING_TABLES);
    assertThat(ended.out())
        .contains("CRITICAL open [npmp-gui] tcp 127.0.0.1:611 is open")
        .contains("was missing from netstat, oshi, ss three times in a row")
        .contains("seen by sock_diag\n");
    assertThat(ended.status()).isEqualTo(1);
  }
}
