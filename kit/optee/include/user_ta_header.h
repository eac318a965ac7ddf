/* What the image of a TA is made from: include this once, in one file, after these are defined.

   TA_UUID         the TA's TEE_UUID, as an initialiser in braces
   TA_FLAGS        TA_FLAG_… combined; 0 for an instance per session
   TA_STACK_SIZE   bytes of stack for each entry: a multiple of 16
   TA_DATA_SIZE    bytes of heap; the kit itself needs a few hundred
   TA_VERSION, TA_DESCRIPTION   texts for gpd.ta.version and gpd.ta.description; may be left out
   TA_PROPERTIES   further properties: initialisers of struct ta_property; may be left out */
#ifndef USER_TA_HEADER_H
#define USER_TA_HEADER_H

#include <tee_api_types.h>
#include <utee_defines.h>

#ifndef TA_VERSION
#define TA_VERSION "0"
#endif
#ifndef TA_DESCRIPTION
#define TA_DESCRIPTION ""
#endif

struct ta_head {
	TEE_UUID uuid;
	uint32_t stack_size;
	uint32_t flags;
	uint64_t deprecated_entry;
};

const struct ta_head ta_head __attribute__((section(".ta_head"), used)) = {
	.uuid = TA_UUID,
	.stack_size = TA_STACK_SIZE,
	.flags = TA_FLAGS,
	.deprecated_entry = UINT64_MAX,
};

uint8_t ta_heap[TA_DATA_SIZE] __attribute__((aligned(16)));
const size_t ta_heap_size = sizeof(ta_heap);

/* The first two are the kit's; it finds the end by the null name. */
const struct ta_property ta_properties[] = {
	{ "gpd.ta.version", TA_PROPERTY_STRING, TA_VERSION },
	{ "gpd.ta.description", TA_PROPERTY_STRING, TA_DESCRIPTION },
#ifdef TA_PROPERTIES
	TA_PROPERTIES,
#endif
	{ NULL, TA_PROPERTY_BOOL, NULL },
};

#endif
