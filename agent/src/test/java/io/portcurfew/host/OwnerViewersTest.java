package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerViewersTest {

  @TempDir private Path root;

  @BeforeEach
  void writeFiles() throws IOException {
    Files.createDirectory(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/passwd"),
        """
        root:x:0:0:root:/root:/bin/bash
        member:x:1000:1000::/home/member:/bin/sh
        primary:x:1001:4::/home/primary:/bin/sh
        other:x:1002:1002::/home/other:/bin/sh
        admirer:x:1003:1003::/home/admirer:/bin/sh
        broken
        """);
    Files.writeString(
        root.resolve("etc/group"), "root:x:0:\nadm:x:4:syslog,member\nadmins:x:5:other\n");
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1000, true", "1001, true", "1002, false", "1003, false", "9999, false"})
  void rootAndMembersOfAdm_mayReadOwners(long uid, boolean expected) {
    assertThat(new OwnerViewers(root).includes(uid)).isEqualTo(expected);
  }

  @Test
  void unreadableFiles_meanNo() throws IOException {
    Files.delete(root.resolve("etc/group"));
    assertThat(new OwnerViewers(root).includes(1000)).isFalse();
    assertThat(new OwnerViewers(root).includes(0)).isTrue();
  }

  @Test
  void clientFromElsewhere_mayNotReadOwners() throws IOException {
    InetAddress elsewhere = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    InetSocketAddress client = new InetSocketAddress(elsewhere, 40_000);
    OwnerViewers readers = new OwnerViewers(root);
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 10611);
    assertThat(readers.includes(client, server)).isFalse();
  }
}
