package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracepointFormatTest {

  /** As Linux 6.18 prints it, without the fields that are not read. */
  static final String FORMAT =
      """
      name: inet_sock_set_state
      ID: 2287
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
      \tfield:int oldstate;\toffset:16;\tsize:4;\tsigned:1;
      \tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;
      \tfield:__u16 sport;\toffset:24;\tsize:2;\tsigned:0;
      \tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;
      \tfield:__u16 family;\toffset:28;\tsize:2;\tsigned:0;
      \tfield:__u16 protocol;\toffset:30;\tsize:2;\tsigned:0;
      \tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;
      \tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;
      \tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;
      """;

  /** As include/trace/events/sock.h of Linux 4.18 to 5.5 declares it: a protocol of one byte. */
  static final String OLD_FORMAT =
      FORMAT
          .replace("__u16 protocol;\toffset:30;\tsize:2", "__u8 protocol;\toffset:30;\tsize:1")
          .replace("saddr[4];\toffset:32", "saddr[4];\toffset:31")
          .replace("saddr_v6[16];\toffset:40", "saddr_v6[16];\toffset:39");

  @Test
  void fields_are_at_the_offsets_of_the_file() throws KernelException {
    assertThat(TracepointFormat.of(FORMAT))
        .isEqualTo(new TracepointFormat(2287, 8, 16, 20, 24, 28, 30, 2, 32, 40));
    assertThat(TracepointFormat.of(OLD_FORMAT))
        .isEqualTo(new TracepointFormat(2287, 8, 16, 20, 24, 28, 30, 1, 31, 39));
  }

  @Test
  void size_reachesTheLastFieldThatIsRead() throws KernelException {
    assertThat(TracepointFormat.of(FORMAT).size()).isEqualTo(56);
    String other = FORMAT.replace("skaddr;\toffset:8", "skaddr;\toffset:104");
    assertThat(TracepointFormat.of(other).size()).isEqualTo(112);
  }

  @Test
  void missingField_isAnError() {
    assertThatThrownBy(() -> TracepointFormat.of(FORMAT.replace("newstate", "state")))
        .isInstanceOf(KernelException.class)
        .hasMessage("the tracepoint has no field newstate of 4 bytes; found none");
  }

  @Test
  void fieldOfAnotherSize_isAnError() {
    String wider = FORMAT.replace("sport;\toffset:24;\tsize:2", "sport;\toffset:24;\tsize:4");
    assertThatThrownBy(() -> TracepointFormat.of(wider))
        .hasMessage("the tracepoint has no field sport of 2 bytes; found 4 bytes");
  }

  /** As Linux 6.1 with lockdown=confidentiality shows it: tracefs is mounted and empty. */
  @Test
  void lockedDownKernel_isNamed(@TempDir Path root) throws IOException {
    Path security = Files.createDirectories(root.resolve("sys/kernel/security"));
    Files.writeString(security.resolve("lockdown"), "none [integrity] confidentiality\n");
    assertThatThrownBy(() -> TracepointFormat.read(new ProcFs(root)))
        .hasMessageEndingWith("(ENOENT)");
    Files.writeString(security.resolve("lockdown"), "none integrity [confidentiality]\n");
    assertThatThrownBy(() -> TracepointFormat.read(new ProcFs(root)))
        .hasMessageEndingWith("(ENOENT); the kernel is locked down");
  }

  @Test
  void fileWithoutNumber_isAnError() {
    assertThatThrownBy(() -> TracepointFormat.of("")).isInstanceOf(KernelException.class);
  }
}
