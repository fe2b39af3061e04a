package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.system.ProcessEnd;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A listener of Debian's own Perl, which every Debian has. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class ExecutablesLiveTest {

  private static final Path PERL = Path.of("/usr/bin/perl");
  private static final String LISTEN =
      "use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(0, INADDR_LOOPBACK));"
          + " listen($s, 1); $| = 1; my ($port) = sockaddr_in(getsockname($s));"
          + " print \"$port\\n\"; <STDIN>";

  private static OwnerDetails listen(Path perl, Set<OwnerFact> asked) throws Exception {
    Process process = new ProcessBuilder(List.of(perl.toString(), "-e", LISTEN)).start();
    try (LinuxSource source = PatientSource.ofHost();
        var out = process.inputReader()) {
      int port = Integer.parseInt(out.readLine());
      source.ask(asked);
      return source.look().listeners().stream()
          .filter(one -> one.endpoint().port() == port)
          .flatMap(one -> one.owners().stream())
          .filter(owner -> owner.pid() == process.pid())
          .findFirst()
          .orElseThrow()
          .details();
    } finally {
      ProcessEnd.kill(process);
    }
  }

  private static void needsPerl() {
    Requirement.that(
        Files.exists(Path.of("/var/lib/dpkg/info/perl-base.md5sums")) && Files.exists(PERL),
        "Debian's perl-base");
  }

  @Test
  void digestsAreOfTheRunningFile() throws Exception {
    needsPerl();
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(PERL));
    OwnerDetails owner = listen(PERL, Set.of(OwnerFact.SHA256, OwnerFact.PACKAGE));
    assertThat(owner.sha256()).hasToString(HexFormat.of().formatHex(sha256));
    assertThat(owner.packageName()).hasToString("perl-base");
  }

  @Test
  void unrequestedFacts_areNotRead() throws Exception {
    needsPerl();
    OwnerDetails owner = listen(PERL, Set.of(OwnerFact.PACKAGE));
    assertThat(owner.sha256()).isNull();
    assertThat(owner.packageName()).hasToString("perl-base");
  }

  @Test
  void copyElsewhere_hasTheDigestAndNoPackage(@TempDir Path folder) throws Exception {
    needsPerl();
    Path copy = Files.copy(PERL, folder.resolve("perl"), StandardCopyOption.COPY_ATTRIBUTES);
    OwnerDetails owner = listen(copy, Set.of(OwnerFact.SHA256, OwnerFact.PACKAGE));
    assertThat(owner.sha256()).isNotNull();
    assertThat(owner.packageName()).isNull();
  }
}
