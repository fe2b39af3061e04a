package io.portcurfew.observe;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the facts of {@link OwnerDetails} by their names; one that is not given is unknown. */
public final class OwnerDetailsBuilder {

  private @Nullable Instant startedAt;
  private @Nullable HostText firstArgument;
  private @Nullable Boolean deleted;
  private @Nullable Boolean elsewhere;
  private @Nullable HostText unit;
  private @Nullable Container container;
  private @Nullable HostText sha256;
  private @Nullable HostText packageName;
  private @Nullable HostText standsFor;
  private List<OwnerDetails.Ancestor> ancestors = List.of();
  private @Nullable Long realUid;
  private @Nullable Long creatorUid;
  private boolean replaced;
  private @Nullable SocketActivation activation;
  private OwnerDetails.@Nullable Script script;
  private boolean inFlight;
  private boolean pathsLeftOut;

  /** Knows no fact. */
  OwnerDetailsBuilder() {}

  /** Begins with these facts. */
  OwnerDetailsBuilder(OwnerDetails known) {
    startedAt = known.startedAt();
    firstArgument = known.firstArgument();
    deleted = known.deleted();
    elsewhere = known.elsewhere();
    unit = known.unit();
    container = known.container();
    sha256 = known.sha256();
    packageName = known.packageName();
    standsFor = known.standsFor();
    ancestors = known.ancestors();
    realUid = known.realUid();
    creatorUid = known.creatorUid();
    replaced = known.replaced();
    activation = known.activation();
    script = known.script();
    inFlight = known.inFlight();
    pathsLeftOut = known.pathsLeftOut();
  }

  public OwnerDetailsBuilder startedAt(@Nullable Instant value) {
    startedAt = value;
    return this;
  }

  public OwnerDetailsBuilder firstArgument(@Nullable HostText value) {
    firstArgument = value;
    return this;
  }

  public OwnerDetailsBuilder deleted(@Nullable Boolean value) {
    deleted = value;
    return this;
  }

  public OwnerDetailsBuilder elsewhere(@Nullable Boolean value) {
    elsewhere = value;
    return this;
  }

  public OwnerDetailsBuilder unit(@Nullable HostText value) {
    unit = value;
    return this;
  }

  public OwnerDetailsBuilder container(@Nullable Container value) {
    container = value;
    return this;
  }

  public OwnerDetailsBuilder sha256(@Nullable HostText value) {
    sha256 = value;
    return this;
  }

  public OwnerDetailsBuilder packageName(@Nullable HostText value) {
    packageName = value;
    return this;
  }

  public OwnerDetailsBuilder standsFor(@Nullable HostText value) {
    standsFor = value;
    return this;
  }

  public OwnerDetailsBuilder ancestors(List<OwnerDetails.Ancestor> value) {
    ancestors = value;
    return this;
  }

  public OwnerDetailsBuilder realUid(@Nullable Long value) {
    realUid = value;
    return this;
  }

  public OwnerDetailsBuilder creatorUid(@Nullable Long value) {
    creatorUid = value;
    return this;
  }

  public OwnerDetailsBuilder replaced(boolean value) {
    replaced = value;
    return this;
  }

  public OwnerDetailsBuilder activation(@Nullable SocketActivation value) {
    activation = value;
    return this;
  }

  public OwnerDetailsBuilder script(OwnerDetails.@Nullable Script value) {
    script = value;
    return this;
  }

  public OwnerDetailsBuilder inFlight(boolean value) {
    inFlight = value;
    return this;
  }

  public OwnerDetailsBuilder pathsLeftOut(boolean value) {
    pathsLeftOut = value;
    return this;
  }

  /** Returns the details. */
  public OwnerDetails build() {
    return new OwnerDetails(
        startedAt,
        firstArgument,
        deleted,
        elsewhere,
        unit,
        container,
        sha256,
        packageName,
        standsFor,
        ancestors,
        realUid,
        creatorUid,
        replaced,
        activation,
        script,
        inFlight,
        pathsLeftOut);
  }
}
