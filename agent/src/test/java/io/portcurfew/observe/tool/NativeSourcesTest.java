package io.portcurfew.observe.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import io.portcurfew.observe.command.NetstatRows;
import io.portcurfew.observe.command.ViewLines;
import io.portcurfew.process.ProcessRunner;
import io.portcurfew.process.RootOnly;
import io.portcurfew.process.ToolTrust;
import io.portcurfew.tags.InjectedFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledOnOs(OS.LINUX)
@Timeout(600)
class NativeSourcesTest {

  private static final ToolTrust EVERYTHING = tool -> Optional.empty();
  private static final String HEADER = "echo 'Proto Recv-Q Send-Q Local Foreign State'; ";
  private static final String ROW = "echo 'tcp 0 0 0.0.0.0:611 0.0.0.0:* LISTEN 7/x'; ";

  @TempDir Path folder;
  private ToolScripts scripts;

  /** For tools that end. */
  private Duration limit = Duration.ofSeconds(60);

  @BeforeEach
  void makeScripts() {
    scripts = new ToolScripts(folder);
  }

  @AfterEach
  void noProcessOrThreadIsLeft() {
    assertThat(scripts.leftProcesses()).isEmpty();
    assertThat(ToolScripts.leftThreads()).isEmpty();
  }

  private List<CommandSource> sources(String system, boolean root) {
    Toolbox tools = new Toolbox(List.of(folder), EVERYTHING);
    return NativeSources.forHost(system, root, tools, () -> new ProcessRunner(limit, 1_000_000));
  }

  private CommandSource source(String system, String name) {
    return sources(system, true).stream()
        .filter(s -> s.name().equals(name))
        .findAny()
        .orElseThrow();
  }

  private View netstat(String script) throws InterruptedException {
    scripts.write("netstat", script);
    return source("Linux", "netstat").look();
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, ss -n -t -u -l -p -e -O|ss -n -t -u -l -p -e|lsof -nP -w -i -F 0pcuLftPnT"
        + "|netstat -tulnpW|netstat -tulnp|netstat -tuln",
    "Mac OS X, lsof -nP -w -i -F 0pcuLftPnT|netstat -anv",
    "Windows 11, netstat -ano",
    "Windows Server 2022, netstat -ano",
    "FreeBSD, sockstat -46lnw|sockstat -46l",
    "SunOS, ''"
  })
  void everySystemHasItsTools(String system, String asked) {
    String all =
        String.join(
            "|",
            sources(system, true).stream()
                .flatMap(
                    source ->
                        source.attempts().stream()
                            .map(a -> source.name() + " " + String.join(" ", a.arguments())))
                .toList());
    assertThat(all).isEqualTo(asked);
  }

  @Test
  void missingTool_isBlindAndNamesTheFolders() throws InterruptedException {
    assertThat(source("Linux", "ss").look())
        .isEqualTo(
            View.blind("ss", "not installed: looked for ss in " + folder, Gap.Cause.NOT_INSTALLED));
  }

  @Test
  void aToolThatIsNotExecutableIsMissing() throws InterruptedException {
    scripts.write("ss", "#!/bin/sh\n", "rw-r--r--");
    assertThat(source("Linux", "ss").look().gaps().get(0).why()).startsWith("not installed: ");
  }

  @Test
  void anUntrustedToolDoesNotRun() throws InterruptedException {
    Path witness = folder.resolve("it-ran");
    scripts.write("netstat", "touch '" + witness + "'");
    Toolbox tools = new Toolbox(List.of(folder), new RootOnly());
    View view = NativeSources.forHost("Linux", true, tools, ProcessRunner::new).get(2).look();
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps().get(0).why()).startsWith("untrusted: ");
    assertThat(witness).doesNotExist();
  }

  static Stream<Arguments> failures() {
    List<String> scripts =
        List.of(
            "exit 0",
            "exit 1",
            "echo 'cannot open netlink socket' >&2; exit 255",
            "echo 'cannot open netlink socket' >&2; exit 0",
            HEADER + "exit 3",
            HEADER + "echo 'something is wrong' >&2",
            HEADER + "kill -9 $$",
            HEADER + "printf 'tcp 0 0 0.0.0.0:6'",
            "head -c 4096 /dev/urandom",
            "printf '\\377\\376\\000\\n'",
            "sleep $M",
            HEADER + "sleep $M & wait",
            "yes $M",
            "yes $M >&2",
            "while :; do printf x; sleep 0.1; done",
            "echo 'Usage: it [options]'; exit 0",
            "echo 'it: invalid option -- q' >&2; exit 1");
    return Stream.of(
            "Linux ss", "Linux lsof", "Linux netstat", "Mac OS X netstat", "FreeBSD sockstat")
        .flatMap(source -> scripts.stream().map(script -> Arguments.of(source, script)));
  }

  @ParameterizedTest
  @MethodSource("failures")
  @InjectedFault
  void aFailedToolIsNotAnEmptyHost(String systemAndName, String script)
      throws InterruptedException {
    int at = systemAndName.lastIndexOf(' ');
    String name = systemAndName.substring(at + 1);
    scripts.write(name, script);
    // Some of them do not end.
    limit = Duration.ofSeconds(1);
    View view = source(systemAndName.substring(0, at), name).look();
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps()).anyMatch(Gap::hidesListeners);
  }

  @Test
  void everyReasonOfAFailureIsAGap() throws InterruptedException {
    View view = netstat(HEADER + ROW + "printf 'a\\033b' >&2; kill -9 $$");
    assertThat(ViewLines.listeners(view)).containsExactly("tcp 0.0.0.0:611 7(x)");
    assertThat(ViewLines.gaps(view))
        .containsExactly("LISTENERS: exit status 137 (signal 9): a\\x1bb");
  }

  @Test
  void anIncompleteRowIsNotAListener() throws InterruptedException {
    View view = netstat(HEADER + ROW + "printf 'tcp 0 0 0.0.0.0:6110 0.0.0.0:* LIS'; exit 1");
    assertThat(ViewLines.listeners(view)).containsExactly("tcp 0.0.0.0:611 7(x)");
  }

  @Test
  void validOutputIsComplete() throws InterruptedException {
    View view = netstat(HEADER + ROW);
    assertThat(view.complete()).isTrue();
    assertThat(view.gaps()).isEmpty();
  }

  @Test
  void olderToolsRunAgainWithFewerOptions() throws InterruptedException {
    String busybox =
        "case $1 in *W*) echo \"netstat: invalid option -- 'W'\" >&2; exit 1;; "
            + "*p*) echo \"netstat: invalid option -- 'p'\" >&2; exit 1;; esac; ";
    View view = netstat(busybox + HEADER + "echo 'tcp 0 0 0.0.0.0:611 0.0.0.0:* LISTEN'");
    assertThat(ViewLines.listeners(view)).containsExactly("tcp 0.0.0.0:611");
    assertThat(view.complete()).isTrue();
  }

  @Test
  void theRightsMessageOfNetstatHidesNoListener() throws InterruptedException {
    View view =
        netstat(
            "echo '(Not all processes could be identified, non-owned process info' >&2; "
                + "echo ' will not be shown, you would have to be root to see it all.)' >&2; "
                + HEADER
                + ROW);
    assertThat(view.complete()).isTrue();
    assertThat(ViewLines.gaps(view)).containsExactly("OWNERS: " + NetstatRows.NO_RIGHT);
  }

  @Test
  void withoutRootHiddenOwnersAreAGap() throws InterruptedException {
    scripts.write("netstat", HEADER + "echo 'tcp 0 0 0.0.0.0:611 0.0.0.0:* LISTEN -'");
    View view = sources("Linux", false).get(2).look();
    assertThat(ViewLines.gaps(view)).containsExactly("OWNERS: " + NetstatRows.NO_RIGHT);
    assertThat(view.complete()).isTrue();
    assertThat(ViewLines.gaps(sources("Linux", true).get(2).look())).isEmpty();
  }

  @Test
  void lsofIsNeverCompleteAndMayExitOne() throws InterruptedException {
    scripts.write("lsof", "printf 'p7\\0cx\\0\\nf3\\0tIPv4\\0PTCP\\0n*:611\\0TST=LISTEN\\0\\n'");
    View view = source("Linux", "lsof").look();
    assertThat(ViewLines.listeners(view)).containsExactly("tcp 0.0.0.0:611 7(x)");
    assertThat(view.complete()).isFalse();
    assertThat(ViewLines.gaps(view)).isEmpty();
    scripts.write("lsof", "exit 1");
    assertThat(ViewLines.gaps(source("Linux", "lsof").look()))
        .containsExactly("LISTENERS: exit status 1 and no rows");
  }

  @Test
  void sockstatIsCompleteForRootAlone() throws InterruptedException {
    scripts.write("sockstat", "echo 'USER COMMAND PID FD PROTO LOCAL ADDRESS FOREIGN ADDRESS'");
    assertThat(sources("FreeBSD", true).get(0).look().complete()).isTrue();
    assertThat(sources("FreeBSD", false).get(0).look().complete()).isFalse();
  }

  @Test
  void aProcessNameIsNotAnOwner() throws InterruptedException {
    View view = netstat(HEADER + "echo 'tcp 0 0 0.0.0.0:611 0.0.0.0:* LISTEN 47/1/init 0.0'");
    assertThat(view.listeners().get(0).owners()).extracting(Owner::pid).containsExactly(47);
  }
}
