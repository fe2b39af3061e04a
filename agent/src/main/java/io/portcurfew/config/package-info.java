/** Reads portcurfew.yaml and finds its policy. Lists every problem of both files at once. */
@NullMarked
package io.portcurfew.config;

import org.jspecify.annotations.NullMarked;
