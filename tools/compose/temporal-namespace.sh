#!/bin/sh
# Makes the namespace and the search attributes that operators look for in the Temporal UI. Safe to run at every start.
set -eu

: "${TEMPORAL_ADDRESS:?host and port of the Temporal server}"
: "${TEMPORAL_NAMESPACE:?the namespace of the engine}"

# The server takes connections before it can answer, and learns of a new namespace only after some seconds.
again() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
      echo "Given up after $tries attempts: $*" >&2
      exit 1
    fi
    sleep 2
  done
}

namespace_exists() {
  temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "${TEMPORAL_RETENTION:-720h}"
}

# An attribute that exists already is no error.
attributes_exist() {
  temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
    --name SubscriptionStatus --type Keyword \
    --name Plan --type Keyword \
    --name CustomerId --type Keyword \
    --name NextStepAt --type Datetime \
    --name Unsettled --type Bool
}

again temporal operator cluster health
again namespace_exists
again attributes_exist
echo "The namespace $TEMPORAL_NAMESPACE is ready."
