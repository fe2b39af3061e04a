package io.portcurfew.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.tool.ToolScripts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Live: runs real processes. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ProcessRunnerTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final int MOST = 1_000_000;

  @TempDir Path folder;
  private ToolScripts scripts;
  private int pipesBefore;

  @BeforeEach
  void remember() {
    scripts = new ToolScripts(folder);
    pipesBefore = ToolScripts.openPipes();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(scripts.leftProcesses()).isEmpty();
    assertThat(ToolScripts.leftThreads()).isEmpty();
    assertThat(ToolScripts.openPipes()).isEqualTo(pipesBefore);
  }

  private ProcessResult run(Duration limit, String script) throws InterruptedException {
    return new ProcessRunner(limit, MOST).run(scripts.write("tool", script), List.of());
  }

  @Test
  void bothOutputsAndTheStatusAreKeptApart() throws InterruptedException {
    assertThat(run(LONG, "echo rows; echo words >&2; exit 3"))
        .isEqualTo(ProcessResult.ended(3, "rows\n", "words\n"));
  }

  @Test
  void everyByteOfTheOutputArrives() throws InterruptedException {
    ProcessResult ran = run(LONG, "printf 'a\\377\\0\\033b'; head -c 900000 /dev/zero >&2");
    assertThat(ran.output()).isEqualTo("a\u00ff\u0000\u001bb");
    assertThat(ran.errors()).hasSize(900_000);
  }

  @Test
  void theEnvironmentIsOurs() throws InterruptedException {
    ProcessResult ran = new ProcessRunner().run(Path.of("/usr/bin/env"), List.of());
    assertThat(ran.output().lines())
        .containsExactlyInAnyOrder("LC_ALL=C", "LANG=C", "PATH=/usr/bin:/bin");
  }

  @Test
  void childRunsInTheRootWithEmptyInput() throws InterruptedException {
    assertThat(run(LONG, "/bin/pwd; cat; echo end").output()).isEqualTo("/\nend\n");
  }

  @Test
  void noShellReadsTheArguments() throws InterruptedException {
    ProcessResult ran =
        new ProcessRunner().run(Path.of("/bin/echo"), List.of("$(id)", ";", "*", "a  b"));
    assertThat(ran.output()).isEqualTo("$(id) ; * a  b\n");
  }

  @Test
  void aSignalIsAStatus() throws InterruptedException {
    assertThat(run(LONG, "echo rows; kill -9 $$").status()).isEqualTo(137);
  }

  @Test
  void programThatCannotStart_isReported() throws InterruptedException {
    ProcessResult ran =
        new ProcessRunner().run(scripts.write("tool", "#!/bin/sh", "rw-r--r--"), List.of());
    assertThat(ran.status()).isNull();
    assertThat(ran.stopped()).startsWith("it could not be started: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sleep $M",
        "sleep $M & sleep $M & wait",
        "(sleep $M &); sleep $M",
        "trap '' TERM INT HUP; sleep $M; sleep $M",
        "exec >&- 2>&-; sleep $M",
        "exec >/dev/null 2>&1; sh -c 'sleep '$M' & wait' & wait",
        "while :; do echo drip; sleep 0.1; done",
        "kill -STOP $$",
        "sh -c 'sleep '$M' & sh -c \"sleep '$M' & wait\"'"
      })
  void hangingProcess_isKilledWithItsChildren(String script) throws InterruptedException {
    ProcessResult ran = run(SHORT, script);
    assertThat(ran.stopped()).isEqualTo("it did not end within 400 ms and was killed");
    assertThat(ran.output()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes $M",
        "yes $M >&2",
        "yes $M & yes $M >&2 & wait",
        "head -c 1000001 /dev/zero",
        "head -c 600000 /dev/zero; head -c 600000 /dev/zero >&2",
        "trap '' PIPE; yes $M"
      })
  void processThatPrintsTooMuch_isKilled(String script) throws InterruptedException {
    ProcessResult ran = run(LONG, script);
    assertThat(ran.stopped()).isEqualTo("it printed more than 1000000 bytes and was killed");
  }

  @Test
  void asMuchAsIsAllowedIsRead() throws InterruptedException {
    assertThat(run(LONG, "head -c 1000000 /dev/zero").output()).hasSize(MOST);
  }

  static Stream<Arguments> parentsThatLeaveChildren() {
    return Stream.of(
        Arguments.of("echo rows; sleep $M & sleep 0.2; exit 0", "rows\n"),
        Arguments.of("echo rows; (sleep $M &) ; sleep 0.2; exit 0", "rows\n"),
        Arguments.of("echo rows; (sleep $M >/dev/null &) ; sleep 0.2; exit 0", "rows\n"),
        Arguments.of("echo rows; (setsid sleep $M &) ; sleep 0.2; exit 0", "rows\n"),
        Arguments.of("echo rows; sleep $M >/dev/null 2>&1 & sleep 0.2; exit 0", "rows\n"));
  }

  @ParameterizedTest
  @MethodSource("parentsThatLeaveChildren")
  void childrenThatOutliveTheTool_areEnded(String script, String output)
      throws InterruptedException {
    assertThat(run(LONG, script)).isEqualTo(ProcessResult.ended(0, output, ""));
  }

  @Test
  void childThatFloodsAfterTheTool_isEnded() throws InterruptedException {
    run(LONG, "(sleep 0.3; exec yes $M) & sleep 0.2; exit 0");
    assertThat(scripts.leftProcesses()).isEmpty();
  }

  @Test
  void aRunThatIsGivenUpLeavesNothing() throws Exception {
    Path tool = scripts.write("tool", "sleep $M & wait");
    FutureTask<ProcessResult> look =
        new FutureTask<>(() -> new ProcessRunner(LONG, MOST).run(tool, List.of()));
    Thread looker = new Thread(look);
    looker.start();
    awaitStart();
    looker.interrupt();
    looker.join();
    assertThat(look)
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void thereIsOneRunAtATime() throws Exception {
    Path tool = scripts.write("tool", "sleep $M & wait");
    ProcessRunner runner = new ProcessRunner(LONG, MOST);
    FutureTask<ProcessResult> first = new FutureTask<>(() -> runner.run(tool, List.of()));
    Thread looker = new Thread(first);
    looker.start();
    awaitStart();
    assertThat(runner.run(tool, List.of()))
        .isEqualTo(ProcessResult.stopped("its previous run has not ended"));
    looker.interrupt();
    looker.join();
    assertThat(runner.run(Path.of("/bin/true"), List.of()).status()).isZero();
  }

  private void awaitStart() {
    UninterruptibleWait.await(() -> !scripts.leftProcesses().isEmpty(), LONG);
    assertThat(scripts.leftProcesses()).isNotEmpty();
  }
}
