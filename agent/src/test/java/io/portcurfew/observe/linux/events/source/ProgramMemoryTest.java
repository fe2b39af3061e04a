package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgramMemoryTest {

  private final ProgramMemory memory = new ProgramMemory();
  private long time;

  private static Program program(String path) {
    return new Program(path, 1, path.hashCode());
  }

  private void run(int pid, String path) {
    memory.executes(pid, ++time);
    memory.maps(pid, program(path), ++time);
  }

  @Test
  void endedProcess_isStillKnown() {
    run(7, "/usr/bin/nc");
    memory.ends(7);
    assertThat(memory.of(7).program()).isEqualTo(program("/usr/bin/nc"));
  }

  @Test
  void child_runsTheProgramOfItsParent() {
    run(7, "/usr/sbin/nginx");
    memory.forks(7, 8, ++time);
    memory.ends(7);
    assertThat(memory.of(8).program()).isEqualTo(program("/usr/sbin/nginx"));
  }

  @Test
  void forkThatIsReadLate_doesNotReplaceTheProgram() {
    run(7, "/usr/bin/bash");
    long forked = ++time;
    run(8, "/usr/bin/nc");
    memory.forks(7, 8, forked);
    assertThat(memory.of(8).program()).isEqualTo(program("/usr/bin/nc"));
  }

  @Test
  void namespaces_areKeptOverExecutions() {
    memory.entered(7, 41, 42, 43);
    run(7, "/usr/bin/nc");
    memory.forks(7, 8, ++time);
    assertThat(memory.of(8)).isEqualTo(new ProcessFacts(program("/usr/bin/nc"), time, 41, 42, 43));
  }

  @Test
  void reusedPid_forgetsItsEarlierProgram() {
    run(7, "/usr/bin/nc");
    memory.ends(7);
    memory.forks(99, 7, ++time);
    assertThat(memory.of(7).program()).isNull();
  }

  @Test
  void onlyTheFirstMapping_namesTheProgram() {
    run(7, "/usr/bin/nc");
    assertThat(memory.awaitsFile(7)).isFalse();
    memory.executes(7, ++time);
    assertThat(memory.awaitsFile(7)).isTrue();
    assertThat(memory.of(7).program()).isNull();
  }

  @Test
  void million_doesNotGrow_andKeepsRunningOnes() {
    run(7, "/usr/sbin/sshd");
    for (int pid = 10; pid < 1_000_010; pid++) {
      run(pid, "/bin/true");
      memory.ends(pid);
    }
    assertThat(memory.size()).isLessThanOrEqualTo(ProgramMemory.MOST);
    assertThat(memory.of(7).program()).isEqualTo(program("/usr/sbin/sshd"));
  }
}
