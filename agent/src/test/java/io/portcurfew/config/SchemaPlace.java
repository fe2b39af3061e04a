package io.portcurfew.config;

import java.util.List;

/**
 * A mapping of a schema and the keys that its reader knows.
 *
 * @param kind the schema
 * @param pointer the place in it (RFC 6901)
 */
public record SchemaPlace(String kind, String pointer, List<String> keys) {}
