package io.portcurfew.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.tags.HeavyLoad;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The limits of the JDK's server are fixed when its first class loads, and any other test may have
 * loaded it, so this one has a JVM of its own. What it waits for takes the time that it takes.
 */
@HeavyLoad
class JdkServerLimitsTest {

  /** Less than a client would wait with the limits of the JDK, which are 30 s and 10 s. */
  private static final int MOST_MILLIS = 9_000;

  private Process jvm;
  private Client client;

  private void start(String flag) throws IOException {
    jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                flag,
                "-cp",
                System.getProperty("java.class.path"),
                LimitsServer.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = jvm.inputReader(StandardCharsets.US_ASCII);
    int port = Integer.parseInt(out.readLine());
    client = new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  @AfterEach
  void end() throws Exception {
    jvm.getOutputStream().close();
    jvm.waitFor();
  }

  @Test
  void aClientThatIsMuteIsCut() throws IOException {
    start("-Xms8m");
    try (Socket mute = client.connect()) {
      mute.setSoTimeout(MOST_MILLIS);
      assertThat(Client.read(mute).status()).isZero();
    }
    assertThat(client.get("/-/ready").status()).isEqualTo(200);
  }

  @Test
  void connectionsAreBoundedAndSilentOnesEnd() throws IOException {
    // Longer than it takes to open all of them.
    start("-Dsun.net.httpserver.idleInterval=20");
    List<Socket> mute = new ArrayList<>();
    for (int i = 0; i < 2_049; i++) {
      mute.add(client.connect());
    }
    assertThat(client.get("/-/ready").status()).as("over the bound").isZero();
    assertThat(Client.read(mute.get(0)).status()).isZero();
    // All are as old, but one look for them may fall between two.
    assertThat(Client.read(mute.get(2_047)).status()).isZero();
    assertThat(client.get("/-/ready").status()).isEqualTo(200);
    for (Socket socket : mute) {
      socket.close();
    }
  }

  @Test
  void aLongHeaderIsNotRead() throws IOException {
    start("-Xms8m");
    assertThat(client.get("/-/ready", "X: " + "x".repeat(15_000)).status()).isEqualTo(200);
    assertThat(client.get("/-/ready", "X: " + "x".repeat(17_000)).status()).isZero();
    assertThat(client.get("/" + "x".repeat(17_000)).status()).isZero();
    String[] many = new String[70];
    for (int i = 0; i < many.length; i++) {
      many[i] = "X-" + i + ": x";
    }
    assertThat(client.get("/-/ready", many).status()).isZero();
  }
}
