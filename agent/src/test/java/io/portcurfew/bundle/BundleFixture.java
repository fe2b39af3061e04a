package io.portcurfew.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Bundles and archives for tests, good ones and forged ones. */
public final class BundleFixture {

  /** A policy without rules. */
  public static final String POLICY = "version: 1\ndefault: allow\nrules: []\n";

  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

  private BundleFixture() {}

  /** A bundle of one policy. */
  public static PolicyBundle of(long revision, String policy) throws BundleRefusal {
    return of(new PolicyBundle.Release(revision, null, null, List.of()), policy);
  }

  static PolicyBundle of(PolicyBundle.Release release, String policy) throws BundleRefusal {
    return PolicyBundle.of(
        release, "policy.yaml", List.of(), Map.of("policy.yaml", policy.getBytes(UTF_8)));
  }

  static PolicyBundle between(Instant notBefore, Instant expires) throws BundleRefusal {
    return of(new PolicyBundle.Release(1, notBefore, expires, List.of()), POLICY);
  }

  /** An archive without entries yet. */
  public static BundleFixture archive() {
    return new BundleFixture();
  }

  /** Adds an entry of any kind and any name. */
  public BundleFixture entry(String name, char kind, String content) {
    byte[] bytes = content.getBytes(UTF_8);
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, String.format(Locale.ROOT, "%011o\0", bytes.length));
    put(header, 148, "        ");
    header[156] = (byte) kind;
    put(header, 157, kind == '1' || kind == '2' ? "/etc/shadow" : "");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte one : header) {
      sum += Byte.toUnsignedInt(one);
    }
    put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
    return raw(header).raw(bytes).raw(new byte[(512 - bytes.length % 512) % 512]);
  }

  /** Adds a regular file. */
  public BundleFixture file(String name, String content) {
    return entry(name, '0', content);
  }

  /** Adds bytes as they are. */
  public BundleFixture raw(byte[] bytes) {
    tar.writeBytes(bytes);
    return this;
  }

  /** The finished archive. */
  public byte[] end() throws IOException {
    return raw(new byte[1024]).cut();
  }

  /** The archive without its end. */
  byte[] cut() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      tar.writeTo(gzip);
    }
    return out.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
