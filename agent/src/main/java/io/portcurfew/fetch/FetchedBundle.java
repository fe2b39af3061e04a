package io.portcurfew.fetch;

import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.AllowedSigners;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An archive and its signature as they were fetched; neither is trusted yet. */
public final class FetchedBundle {

  private final byte[] archive;
  private final byte @Nullable [] signature;
  private final @Nullable String etag;

  FetchedBundle(byte[] archive, byte @Nullable [] signature, @Nullable String etag) {
    this.archive = archive;
    this.signature = signature;
    this.etag = etag;
  }

  /** The archive. */
  public byte[] archive() {
    return archive.clone();
  }

  /** The signature; empty if there is none. */
  public byte[] signature() {
    return signature == null ? new byte[0] : signature.clone();
  }

  /** The server's mark for this version of the archive; {@code null} for none. */
  public @Nullable String etag() {
    return etag;
  }

  /** Verifies the signature and opens the archive. */
  public SignedBundle verify(AllowedSigners signers, Instant now) throws BundleRefusal {
    return SignedBundle.verify(archive, signature, signers, now);
  }
}
