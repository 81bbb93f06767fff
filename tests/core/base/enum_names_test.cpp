#include "core/base/enum_names.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

enum class Fruit { kApple, kPear, kUnsold };

}  // namespace

template <>
struct EnumNames<Fruit> {
  static constexpr const char* kWhat = "fruit";
  static constexpr EnumName<Fruit> kTable[] = {{Fruit::kPear, "pear"}, {Fruit::kApple, "apple"}};
};

namespace {

TEST(EnumNames, EveryNameGivesItsValueBack) {
  for (const Fruit fruit : all_values<Fruit>()) {
    EXPECT_EQ(value_named<Fruit>(name_of(fruit)), fruit);
  }
}

TEST(EnumNames, KeepTheOrderOfTheTable) {
  EXPECT_EQ(all_names<Fruit>(), (std::vector<std::string>{"pear", "apple"}));
  EXPECT_EQ(all_values<Fruit>(), (std::vector{Fruit::kPear, Fruit::kApple}));
  EXPECT_EQ(joined_names(all_names<Fruit>()), "pear|apple");
}

TEST(EnumNames, AnUnknownNameIsAUsageErrorThatListsTheNames) {
  for (const char* text : {"", "pea", "Pear", "pear ", "pear|apple"}) {
    try {
      value_named<Fruit>(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_EQ(std::string(error.what()),
                "unknown fruit '" + std::string(text) + "'; expected one of: pear, apple");
    }
  }
}

TEST(EnumNames, AValueOutsideTheTableHasNoName) {
  EXPECT_STREQ(name_of(Fruit::kUnsold), "unknown");
}

TEST(EnumNames, AreKnownAtCompileTime) {
  static_assert(NamedEnum<Fruit>);
  static_assert(!NamedEnum<ErrorKind>);
  static_assert(*name_of(Fruit::kApple) == 'a');
}

}  // namespace
}  // namespace paramixer
