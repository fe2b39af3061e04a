package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate for 127.0.0.1. */
public final class SelfSigned {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final KeyStore store;

  /** Creates one with keytool, which every JDK has. */
  public SelfSigned(Path folder) throws Exception {
    Path file = folder.resolve("keys");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String command =
        "-genkeypair -alias a -keyalg EC -dname CN=127.0.0.1 -ext SAN=ip:127.0.0.1"
            + " -storetype PKCS12 -storepass changeit -keystore";
    List<String> words = new ArrayList<>(List.of(keytool));
    words.addAll(List.of(command.split(" ", -1)));
    words.add(file.toString());
    assertThat(
            new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor())
        .isZero();
    store = KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  /** The TLS context of a server with this certificate. */
  public SSLContext server() throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** Writes the certificate in PEM, with text around it as in the lists of hosts. */
  public Path pem(Path file) throws Exception {
    byte[] der = store.getCertificate("a").getEncoded();
    return Files.writeString(
        file,
        "# A root - of tests\n-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END CERTIFICATE-----\n");
  }
}
