package io.portcurfew.observe.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MountLineTest {

  private static MountLine line(String text) {
    return MountLine.parse((text + "\n").getBytes(StandardCharsets.UTF_8)).get(0);
  }

  @Test
  void positionIsTheSameInEachMountNamespace() {
    MountLine host = line("27 1 254:0 / / rw shared:1 - ext4 /dev/vda rw");
    MountLine own = line("92 80 254:0 /usr /usr ro,nosuid - ext4 /dev/vda rw");
    assertThat(host.position("/usr/bin/server")).isEqualTo("254:0 /usr/bin/server");
    assertThat(own.position("/usr/bin/server")).isEqualTo("254:0 /usr/bin/server");
  }

  @Test
  void boundFolder_hasAnotherPosition() {
    MountLine own = line("92 80 254:0 /srv/data /usr/bin rw - ext4 /dev/vda rw");
    assertThat(own.position("/usr/bin/server")).isEqualTo("254:0 /srv/data/server");
  }

  @Test
  void pathBesideTheMount_hasNoPosition() {
    MountLine own = line("92 80 254:0 /usr /usr ro - ext4 /dev/vda rw");
    assertThat(own.position("/usrlocal/server")).isNull();
    assertThat(own.position("/usr")).isNull();
  }

  @Test
  void boundFile_hasThePositionOfItsOrigin() {
    MountLine own = line("92 80 254:0 /srv/fake /usr/bin/server rw - ext4 /dev/vda rw");
    assertThat(own.position("/usr/bin/server")).isNull();
  }

  @Test
  void escapedNamesAreRead() {
    MountLine own = line("92 80 0:5 / /a\\040b\\134c rw - tmpfs none rw");
    assertThat(own.point()).isEqualTo("/a b\\c");
    assertThat(own.kind()).isEqualTo("tmpfs");
  }
}
