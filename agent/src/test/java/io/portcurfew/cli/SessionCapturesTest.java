package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.options.Exit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures with the commands of a session, of several hosts, from pages and in encoded files. */
class SessionCapturesTest {

  private static final String SS = CaptureSamples.of("ss");
  private static final String OTHER = SS.replace("6110", "6120");

  @TempDir Path folder;

  private JudgeRun judge(String capture) throws IOException {
    return JudgeRun.of(folder, "ss", capture.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$ ssh web-1 ss -tulpn",
        "bob@jump:~$ ssh -p 22 web-1 'sudo ss -tulpn'",
        "# docker exec web-1 ss -tulpn",
        "$ kubectl exec -it web-0 -- ss -tulpn",
        "root@web-1:~# ip netns exec blue /usr/bin/ss -tulpn",
        "Thu Nov 26 10:00:00 UTC 2026"
      })
  void aCommandElsewhere_isALineOfASession(String line) throws IOException {
    JudgeRun judged = judge(line + "\n" + SS);

    assertThat(judged.listeners()).hasSize(4);
    assertThat(judged.status()).as(judged.gaps().toString()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$ ssh web-1 ss -4tulpn",
        "bob@jump:~$ ssh web-1 'sudo ss -tulpn | grep LISTEN'",
        "# docker exec web-1 ss -tulpn sport = :22",
        "$ for h in web-1; do echo \"== $h\"; ssh $h ss -4tulpn; done\n== web-1",
        "$ for h in web-1 web-2; do ssh $h ss -tulpn; done"
      })
  void aCommandElsewhereThatShowsAPart_isAGap(String line) throws IOException {
    assertThat(judge(line + "\n" + SS).status()).isEqualTo(Exit.INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root@web-1:~# ss -tulpn\nONEroot@web-2:~# ss -tulpn\nTWOroot@web-2:~# exit\n",
        "bob@jump:~$ ssh web-1\n[root@web-1 ~]# ss -tulpn\nONE[root@web-1 ~]# exit\nlogout\n"
            + "Connection to web-1 closed.\nbob@jump:~$ ssh web-2\n[root@web-2 ~]# ss -tulpn\nTWO",
        "Linux web-1 6.1.0-18-amd64 #1 SMP x86_64 GNU/Linux\nONE"
            + "Linux web-2 6.1.0-18-amd64 #1 SMP x86_64 GNU/Linux\nTWO",
        "$ for h in web-1 web-2; do echo \"== $h\"; ssh $h ss -tulpn; done\n== web-1\nONE== web-2\nTWO",
        """
        changed: [web-1] => {
            "changed": true,
            "rc": 0
        }

        STDOUT:

        ONE
        changed: [web-2] => {
            "changed": true,
            "rc": 0
        }

        STDOUT:

        TWO
        """
      })
  void everyHostOfASession_hasItsOwnRows(String form) throws IOException {
    JudgeRun judged = judge(form.replace("ONE", SS).replace("TWO", OTHER));

    assertThat(judged.hosts())
        .extracting(host -> host.get("host"))
        .isEqualTo(List.of("web-1", "web-2"));
    assertThat(judged.listeners()).hasSize(8);
    assertThat(judged.status()).as(judged.gaps().toString()).isZero();
  }

  @Test
  void timesBetweenHostAndLine_areRemoved() throws IOException {
    String capture =
        SS.lines()
            .map(line -> "[pod/web-0/app] 2026-11-26T10:00:00.000000000Z " + line + "\n")
            .collect(Collectors.joining());

    assertThat(judge(capture).listeners()).hasSize(4);
    assertThat(judge(capture).status()).isZero();
  }

  @Test
  void fencesAndLineEndsOfOtherPrograms_areRead() throws IOException {
    List<String> texts =
        List.of(
            "```" + SS.stripTrailing() + "```\n",
            "----\n" + SS + "----\n",
            "#+BEGIN_SRC sh\n" + SS + "#+END_SRC\n",
            "<p>" + SS.replace("\"", "&quot;").replace("\n", "<br/>") + "</p>\n",
            SS.replace("\n", "\u2028"),
            SS.replace("\n", "\u0085"));
    for (String text : texts) {
      assertThat(judge(text).listeners()).as(text).hasSize(4);
      assertThat(judge(text).status()).as(text).isZero();
    }
  }

  @Test
  void anEncodedFile_isRefusedWithItsKind() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(SS.getBytes(StandardCharsets.UTF_8));
    }
    ByteArrayOutputStream archived = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(archived)) {
      zip.putNextEntry(new ZipEntry("ss.txt"));
      zip.write(SS.getBytes(StandardCharsets.UTF_8));
    }
    byte[] base64 = Base64.getMimeEncoder().encode(SS.getBytes(StandardCharsets.UTF_8));

    refused(zipped.toByteArray(), "it is compressed with gzip: decode it first");
    refused(archived.toByteArray(), "it is a zip archive: decode it first");
    refused(base64, "it is in base64: decode it first");
    refused(SS.getBytes("UTF-32LE"), null);
    refused(("\ufeff" + SS).getBytes("UTF-32LE"), "it is in UTF-32: decode it first");
    refused("BZh91AY&SY".getBytes(StandardCharsets.UTF_8), "it is compressed with bzip2");
    refused(tar(), "it is a tar archive: decode it first");
  }

  private static byte[] tar() {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.UTF_8), 0, tar, 257, 5);
    return tar;
  }

  private void refused(byte[] capture, String why) throws IOException {
    for (String format : List.of("ss", "auto")) {
      JudgeRun judged = JudgeRun.of(folder, format, capture);
      assertThat(judged.status()).isNotZero();
      if (why != null) {
        assertThat(judged.status()).isEqualTo(Exit.USAGE);
        assertThat(judged.errors()).contains("cannot read ", why);
      }
    }
  }
}
