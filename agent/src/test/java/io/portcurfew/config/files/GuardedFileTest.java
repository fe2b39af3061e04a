package io.portcurfew.config.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.config.files.GuardedFile.Complaint;
import io.portcurfew.system.Requirement;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedFileTest {

  private static final int NOBODY = 65534;

  @TempDir private Path temp;
  private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    folder = Files.createDirectory(temp.toRealPath().resolve("etc"));
    rights(folder, "rwxr-xr-x");
    file = Files.writeString(folder.resolve("policy.yaml"), "content");
    rights(file, "rw-r--r--");
  }

  private static void rights(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  private static String read(Path file) throws IOException {
    GuardedFile.Content content = GuardedFile.read(file, 100, FileTrust.OF_THIS_PROCESS);
    assertThat(content.complaints()).isEmpty();
    return new String(content.bytes().orElseThrow(), UTF_8);
  }

  private static List<Complaint> refused(Path file) throws IOException {
    GuardedFile.Content content = GuardedFile.read(file, 100, FileTrust.OF_THIS_PROCESS);
    assertThat(content.bytes()).isEmpty();
    return content.complaints();
  }

  private static Complaint withRemedy(String what, Path path, String command) throws IOException {
    String expected = "no such permission: " + command + " " + path;
    return new Complaint(what, FileStatus.of(path).shown(), expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "r--------", "rw-r-----", "rwxr-xr-x"})
  void aFileThatOnlyItsOwnerWritesIsRead(String rights) throws IOException {
    rights(file, rights);
    assertThat(read(file)).isEqualTo("content");
  }

  @Test
  void readingStopsOneByteBeyondTheBound() throws IOException {
    Files.writeString(file, "x".repeat(1000));
    assertThat(read(file)).hasSize(101);
  }

  @Test
  void fileThatEveryUserCanWriteIsRefused() throws IOException {
    rights(file, "rw-r--rw-");
    String what = "every user can write the file and so configure the agent";
    assertThat(refused(file)).containsExactly(withRemedy(what, file, "chmod o-w"));
  }

  @Test
  void groupWritableFile_isRefusedUnlessTheGroupIsPrivate() throws IOException {
    Requirement.root();
    rights(file, "rw-rw-r--");
    assertThat(read(file)).isEqualTo("content");
    Files.setAttribute(file, "unix:gid", NOBODY);
    String group = FileStatus.of(file).group();
    String what = "the group " + group + " can write the file and so configure the agent";
    assertThat(refused(file)).containsExactly(withRemedy(what, file, "chmod g-w"));
    rights(file, "rw-rw-rw-");
    assertThat(refused(file)).extracting(Complaint::expected).asString().contains("chmod go-w");
  }

  @Test
  void fileOfAnotherUserIsRefused() throws IOException {
    Requirement.root();
    Files.setAttribute(file, "unix:uid", NOBODY);
    String what =
        "the file belongs neither to root nor to the user of the agent, so its owner can configure"
            + " the agent";
    String expected = "an owner that the agent trusts: chown root " + file;
    assertThat(refused(file))
        .containsExactly(new Complaint(what, FileStatus.of(file).shown(), expected));
    Files.setAttribute(folder, "unix:uid", NOBODY);
    assertThat(refused(file))
        .extracting(Complaint::expected)
        .containsExactly(expected, "an owner that the agent trusts: chown root " + folder);
  }

  @Test
  void folderThatEveryUserCanWriteIsRefused() throws IOException {
    rights(folder, "rwxrwxrwx");
    rights(file, "rw-r--rw-");
    assertThat(refused(file))
        .containsExactly(
            withRemedy(
                "every user can write the file and so configure the agent", file, "chmod o-w"),
            withRemedy(
                "every user can write the folder of the file and so replace the file",
                folder,
                FileStatus.of(folder).group().equals(FileStatus.of(folder).owner())
                    ? "chmod o-w"
                    : "chmod go-w"));
  }

  /** As in /tmp: other users can add files there, but not replace an existing one. */
  @Test
  void stickyFolderIsTrusted() throws IOException {
    Files.setAttribute(folder, "unix:mode", 041777);
    assertThat(read(file)).isEqualTo("content");
  }

  /** Kubernetes and configuration management switch whole sets of files by a link. */
  @Test
  void aLinkWithinTheFolderIsFollowed() throws IOException {
    Path version = Files.createDirectory(folder.resolve("..2026"));
    Files.writeString(version.resolve("policy.yaml"), "newer content");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026"));
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("..data/policy.yaml"));
    assertThat(read(file)).isEqualTo("newer content");
    rights(version, "rwxr-xrwx");
    assertThat(refused(file)).extracting(Complaint::expected).asString().contains("..2026");
  }

  @Test
  void aLinkOutOfTheFolderIsRefused() throws IOException {
    Path outside = Files.writeString(folder.resolveSibling("other.yaml"), "other content");
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("../other.yaml"));
    assertThat(refused(link))
        .containsExactly(
            new Complaint(
                "the link points out of its folder",
                "a link to " + outside,
                "a file, or a link to one in " + folder));
  }

  @Test
  void linkToTheFolderItselfIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), folder);
    assertThat(read(link.resolve("policy.yaml"))).isEqualTo("content");
  }

  @Test
  void brokenLinkIsAMissingFile() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("gone.yaml"));
    assertThatThrownBy(() -> refused(link)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFolderIsNotRead() throws IOException {
    assertThat(refused(folder)).extracting(Complaint::what).containsExactly("the path is a folder");
    assertThat(refused(Path.of("/"))).hasSize(1);
  }

  @Test
  @Timeout(20)
  void pipeIsRefusedWithoutBlocking() throws Exception {
    Requirement.program("mkfifo");
    Path pipe = folder.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(refused(pipe)).extracting(Complaint::what).containsExactly("not a regular file");
  }

  /** As in {@code --policy <(command)}. */
  @Test
  void aPipeWithoutAPathIsRefusedToo() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      Path pipe = Path.of("/proc/" + cat.pid() + "/fd/0");
      Requirement.that(Files.exists(pipe), "Linux's /proc");
      assertThat(refused(pipe)).extracting(Complaint::what).contains("not a regular file");
    } finally {
      cat.destroyForcibly();
    }
  }

  @Test
  void aSocketOrADeviceIsRefused() throws IOException {
    Path socket = folder.resolve("socket");
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      assertThat(refused(socket)).extracting(Complaint::what).contains("not a regular file");
    }
    assertThat(refused(Path.of("/dev/zero"))).hasSize(1);
  }
}
