package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the installed program shows owners to root, and not to another user of the host. */
class OwnersOnThePageIT {

  private static final String NOBODY = "65534";

  @TempDir private Path folder;

  private static String asNobody(String url) throws Exception {
    return Tool.run(
            "setpriv", "--reuid=" + NOBODY, "--clear-groups", "curl", "--silent", "--fail", url)
        .output();
  }

  @Test
  void otherUser_seesTheVerdictWithoutOwners() throws Exception {
    Requirement.root();
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path config = AgentFiles.closed(folder, listener.getLocalPort(), "http://127.0.0.1:9/nobody");
      try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
        Daemon.until("it has scanned", () -> daemon.scans() > 0);
        String executable = Path.of("/proc/self/exe").toRealPath().toString();
        String port = ":" + listener.getLocalPort();
        List<String> paths =
            List.of(
                "/", "/explain/" + listener.getLocalPort(), "/api/v1/listeners", "/api/v1/alerts");
        for (String path : paths) {
          String url = "http://" + daemon.web() + path;
          Daemon.until(
              path + " shows the owner to root",
              () -> plain(daemon.get(path)).contains(executable));
          assertThat(plain(asNobody(url)))
              .as(path)
              .contains(port.substring(1))
              .doesNotContain(executable);
        }
        assertThat(asNobody("http://" + daemon.web() + "/api/v1/status"))
            .contains("\"owners_shown\": false", "not_compliant");
        assertThat(daemon.get("/api/v1/status")).contains("\"owners_shown\": true");
      }
    }
  }

  private static String plain(String page) {
    return page.replace("<wbr>", "");
  }
}
