/* Reads properties of all three sets in all their forms. */
#include <string.h>
#include <tee_internal_api.h>

#define TA_UUID { 0x5b0c3d1e, 0x8a41, 0x4d0b, { 0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0x00, 0x03 } }
#define TA_FLAGS (TA_FLAG_SINGLE_INSTANCE | TA_FLAG_MULTI_SESSION)
#define TA_STACK_SIZE 0x5000
#define TA_DATA_SIZE 0x6000
#define TA_VERSION "3.1"
#define TA_DESCRIPTION "shows properties"
#define TA_PROPERTIES                                                               \
	{ "test.bool", TA_PROPERTY_BOOL, &(const bool){ true } },                   \
	{ "test.u32", TA_PROPERTY_U32, &(const uint32_t){ 4000000000U } },          \
	{ "test.u64", TA_PROPERTY_U64, &(const uint64_t){ 0x123456789abcdef0ULL } }, \
	{ "test.uuid", TA_PROPERTY_UUID, &(const TEE_UUID)TA_UUID },                \
	{ "test.identity", TA_PROPERTY_IDENTITY, &(const TEE_Identity){ 1, TA_UUID } }, \
	{ "test.string", TA_PROPERTY_STRING, "a text" },                            \
	{ "test.binary", TA_PROPERTY_BINARY, "AQIDBA==" }
#include <user_ta_header.h>

/* Value in: set (1 TA, 2 client, 3 TEE); memory in: name; memory out or value out: the value. */
enum command {
	COMMAND_STRING = 0,
	COMMAND_BINARY = 1,
	COMMAND_UUID = 2,
	COMMAND_IDENTITY = 3,
	COMMAND_BOOL = 4,
	COMMAND_U32 = 5,
	COMMAND_U64 = 6,    /* a low, b high */
	COMMAND_EXISTS = 7, /* value out: whether it can be read as a text */
};

#define NAME_SIZE 128

TEE_Result TA_CreateEntryPoint(void)
{
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[4], void **context)
{
	(void)types;
	(void)params;
	(void)context;
	return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
}

static TEE_PropSetHandle set_of(uint32_t number)
{
	switch (number) {
	case 1:
		return TEE_PROPSET_CURRENT_TA;
	case 2:
		return TEE_PROPSET_CURRENT_CLIENT;
	default:
		return TEE_PROPSET_TEE_IMPLEMENTATION;
	}
}

/* Copies `size` bytes to the memory of a parameter. */
static TEE_Result give(TEE_Param *param, const void *bytes, size_t size)
{
	size_t room = param->memref.size;

	param->memref.size = size;
	if (room < size)
		return TEE_ERROR_SHORT_BUFFER;
	TEE_MemMove(param->memref.buffer, bytes, size);
	return TEE_SUCCESS;
}

static TEE_Result to_memory(uint32_t command, TEE_PropSetHandle set, const char *name, TEE_Param *param)
{
	TEE_Identity identity;
	TEE_UUID uuid;
	TEE_Result result;

	switch (command) {
	case COMMAND_STRING:
		return TEE_GetPropertyAsString(set, name, param->memref.buffer, &param->memref.size);
	case COMMAND_BINARY:
		return TEE_GetPropertyAsBinaryBlock(set, name, param->memref.buffer, &param->memref.size);
	case COMMAND_UUID:
		result = TEE_GetPropertyAsUUID(set, name, &uuid);
		return result == TEE_SUCCESS ? give(param, &uuid, sizeof(uuid)) : result;
	default:
		result = TEE_GetPropertyAsIdentity(set, name, &identity);
		return result == TEE_SUCCESS ? give(param, &identity, sizeof(identity)) : result;
	}
}

static TEE_Result to_value(uint32_t command, TEE_PropSetHandle set, const char *name, TEE_Param *param)
{
	char text[512];
	size_t size = sizeof(text);
	bool truth = false;
	uint64_t wide = 0;
	TEE_Result result;

	param->value.a = 0;
	param->value.b = 0;
	switch (command) {
	case COMMAND_BOOL:
		result = TEE_GetPropertyAsBool(set, name, &truth);
		param->value.a = truth;
		return result;
	case COMMAND_U32:
		return TEE_GetPropertyAsU32(set, name, &param->value.a);
	case COMMAND_U64:
		result = TEE_GetPropertyAsU64(set, name, &wide);
		param->value.a = (uint32_t)wide;
		param->value.b = (uint32_t)(wide >> 32);
		return result;
	default:
		result = TEE_GetPropertyAsString(set, name, text, &size);
		param->value.a = result == TEE_SUCCESS && size == strlen(text) + 1;
		return result;
	}
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[4])
{
	uint32_t kind = command <= COMMAND_IDENTITY ? TEE_PARAM_TYPE_MEMREF_OUTPUT : TEE_PARAM_TYPE_VALUE_OUTPUT;
	char name[NAME_SIZE] = { 0 };

	(void)context;
	if (types != TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, TEE_PARAM_TYPE_MEMREF_INPUT, kind, TEE_PARAM_TYPE_NONE) ||
	    params[1].memref.size >= NAME_SIZE || command > COMMAND_EXISTS)
		return TEE_ERROR_BAD_PARAMETERS;
	TEE_MemMove(name, params[1].memref.buffer, params[1].memref.size);
	if (command <= COMMAND_IDENTITY)
		return to_memory(command, set_of(params[0].value.a), name, &params[2]);
	return to_value(command, set_of(params[0].value.a), name, &params[2]);
}
