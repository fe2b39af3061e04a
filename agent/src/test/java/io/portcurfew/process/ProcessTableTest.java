package io.portcurfew.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessTableTest {

  /** The kernel writes a line feed in a name as \n. */
  private static final String STATUS =
      """
      Name:\tx\\nPPid:\t7
      State:\t%s
      Pid:\t42
      PPid:\t%s
      Uid:\t1000\t1000\t0\t1000
      Gid:\t4\t4\t4\t4
      """;

  @Test
  void processIsReadFromItsStatus() {
    assertThat(ProcessTable.ProcessRow.of(42, STATUS.formatted("S (sleeping)", "9")))
        .isEqualTo(new ProcessTable.ProcessRow(42, 9, "1000\t1000\t0\t1000", false));
  }

  @Test
  void zombieHasEnded() {
    assertThat(ProcessTable.ProcessRow.of(42, STATUS.formatted("Z (zombie)", "9")).zombie())
        .isTrue();
  }

  @Test
  void textThatIsNoStatus_hasNoParent() {
    assertThat(ProcessTable.ProcessRow.of(42, ""))
        .isEqualTo(new ProcessTable.ProcessRow(42, 0, "", false));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void ourOwnProcessIsInTheTable() {
    ProcessHandle own = ProcessHandle.current();
    long parent = own.parent().map(ProcessHandle::pid).orElse(0L);
    assertThat(ProcessTable.rows())
        .filteredOn(row -> row.pid() == own.pid())
        .singleElement()
        .satisfies(row -> assertThat(row.parent()).isEqualTo(parent))
        .isEqualTo(ProcessTable.own());
  }
}
