package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Everything that listens in three namespaces, and nothing else; and what ss says of the same. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class EveryListenerLiveTest {

  private static final Path SS = Path.of("/usr/bin/ss");

  /**
   * Names stand in its rows as they are, line ends and quotes too; so a row is cut by its start.
   */
  private static final Pattern ROW_START =
      Pattern.compile("(?m)^(?=(?:tcp +LISTEN|udp +UNCONN) +\\d+ +\\d+ )");

  private static final Pattern ROW =
      Pattern.compile("(tcp|udp) +\\w+ +\\d+ +\\d+ +(\\S+):(\\d+) .*", Pattern.DOTALL);
  private static final Pattern CLAIM = Pattern.compile("pid=(\\d+),fd=(\\d+)");
  private static final Pattern INODE = Pattern.compile("\\bino:(\\d+)");
  private static final Pattern V6ONLY = Pattern.compile("\\bv6only:([01])");

  @TempDir private Path folder;
  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = Scene.in(folder);
  }

  @AfterEach
  void remove() throws Exception {
    if (scene != null) {
      scene.remove();
    }
  }

  private List<Listener> look() throws InterruptedException {
    try (LinuxSource source = PatientSource.ofHost()) {
      View view = source.look();
      String[] ours =
          scene.reported().keySet().stream().map(InNamespace::name).toArray(String[]::new);
      assertThat(PatientSource.hiding(view, ours)).isEmpty();
      return view.listeners();
    }
  }

  @Test
  void exactlyTheListenersOfThreeNamespacesAreFound() throws Exception {
    List<Listener> seen = look();
    assertThat(scene.reported()).hasSize(3);
    scene
        .reported()
        .forEach(
            (namespace, reported) ->
                assertThat(Opened.texts(seen, namespace.name())).isEqualTo(Opened.texts(reported)));
  }

  @Test
  void programIsShownByItsFile() throws Exception {
    List<Listener> seen = look();
    List<String> shown = new ArrayList<>();
    for (int pid : scene.servers()) {
      Owner owner =
          seen.stream()
              .flatMap(listener -> listener.owners().stream())
              .filter(one -> one.pid() == pid)
              .findFirst()
              .orElseThrow();
      shown.add(owner.executable() + (owner.details().deleted() ? ", deleted" : ", there"));
    }
    List<String> expected = new ArrayList<>();
    Scene.HOSTILE_NAMES.values().forEach(name -> expected.add(folder + "/" + name + ", there"));
    expected.add(folder + "/removed, deleted");
    expected.add("/memfd:server, deleted");
    assertThat(shown).containsExactlyElementsOf(expected);
  }

  @Test
  void ssAgreesExceptOnForgedNames() throws Exception {
    Requirement.that(Files.isExecutable(SS), "the program ss");
    List<Listener> seen = look();
    Set<Integer> forged = new HashSet<>();
    for (InNamespace namespace : scene.reported().keySet()) {
      assertThat(Opened.texts(seen, namespace.name()))
          .isEqualTo(Opened.texts(ofSs(namespace, forged)));
    }
    assertThat(forged).as("the name \",pid=1,fd=3),( has ss name process 1").containsExactly(1);
  }

  /** The rows of ss; owners that /proc does not confirm are distinguished. */
  private static List<Opened> ofSs(InNamespace namespace, Set<Integer> forged) throws Exception {
    List<Opened> rows = new ArrayList<>();
    for (String text : ROW_START.split(namespace.inside(EveryListenerLiveTest::ss), -1)) {
      Matcher row = ROW.matcher(text);
      assertThat(row.matches()).as(text).isTrue();
      long inode = Long.parseLong(first(INODE, text, "-1"));
      Set<Integer> pids = new HashSet<>();
      Matcher claim = CLAIM.matcher(text);
      while (claim.find()) {
        int pid = Integer.parseInt(claim.group(1));
        (holds(pid, claim.group(2), inode) ? pids : forged).add(pid);
      }
      String host = row.group(2).replaceFirst("^\\*", "::");
      String v6only = host.contains(":") ? first(V6ONLY, text, "-") : "-";
      int port = Integer.parseInt(row.group(3));
      rows.add(new Opened(row.group(1), host, port, v6only, inode, pids));
    }
    return rows;
  }

  private static String ss() throws IOException {
    Process ss = new ProcessBuilder(SS.toString(), "-Htulnpe").start();
    return new String(ss.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String first(Pattern pattern, String text, String otherwise) {
    Matcher found = pattern.matcher(text);
    return found.find() ? found.group(1) : otherwise;
  }

  private static boolean holds(int pid, String descriptor, long inode) {
    try {
      Path link = Path.of("/proc/" + pid + "/fd/" + descriptor);
      return Files.readSymbolicLink(link).toString().equals("socket:[" + inode + "]");
    } catch (IOException notThere) {
      return false;
    }
  }
}
