package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class DigestQueueTest {

  /** Of "abc", FIPS 180-2 and RFC 1321. */
  private static final FileDigests OF_ABC =
      new FileDigests(
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          "900150983cd24fb0d6963f7d28e17f72");

  private static final long ATTACKER = 1000;
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final ProcFs proc = new ProcFs(Path.of("/"));
  private final DigestQueue queue = new DigestQueue(Path.of("/"));

  @AfterEach
  void close() {
    queue.close();
  }

  private Path sparse(String name, long bytes) throws Exception {
    Path path = folder.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
    }
    return path;
  }

  private FileId offer(long uid, Path path, boolean taken) {
    int fd = proc.open(path.toString().substring(1), Libc.O_RDONLY);
    FileId file = proc.file(fd);
    assertThat(file).isNotNull();
    assertThat(queue.offer(uid, file, fd)).isEqualTo(taken);
    return file;
  }

  @Test
  void bothDigestsAreThoseOfTheContent() throws Exception {
    FileId file = offer(0, Files.writeString(folder.resolve("abc"), "abc"), true);
    queue.await(LONG);
    assertThat(queue.takeDone()).isEqualTo(Map.of(file, Optional.of(OF_ABC)));
    assertThat(queue.takeDone()).isEmpty();
  }

  @Test
  void largeFilesOfOneUser_delayNoOthers() throws Exception {
    for (int i = 0; i < 8; i++) {
      offer(ATTACKER, sparse("sparse" + i, 1L << 30), true);
    }
    FileId ours = offer(0, Files.writeString(folder.resolve("abc"), "abc"), true);
    Map<FileId, Optional<FileDigests>> done = Map.of();
    while (done.isEmpty()) {
      queue.await(Duration.ofMillis(5));
      done = queue.takeDone();
    }
    assertThat(done).isEqualTo(Map.of(ours, Optional.of(OF_ABC)));
  }

  @Test
  void aUserHasSoManyFilesWaiting() throws Exception {
    Path large = sparse("sparse", 1L << 30);
    for (int i = 0; i < 32; i++) {
      offer(ATTACKER, large, true);
    }
    offer(ATTACKER, large, false);
    offer(0, large, true);
  }

  @Test
  void fileWrittenMeanwhile_hasNoDigests() throws Exception {
    Path file = sparse("sparse", 64L << 20);
    FileId before = offer(0, file, true);
    Files.writeString(file, "changed");
    queue.await(LONG);
    assertThat(queue.takeDone()).isEqualTo(Map.of(before, Optional.empty()));
  }
}
