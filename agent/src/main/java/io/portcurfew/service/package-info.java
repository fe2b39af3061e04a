/** What the agent tells the service manager that runs it, and learns from it. */
@NullMarked
package io.portcurfew.service;

import org.jspecify.annotations.NullMarked;
